/**
 * The file that a recording is written to: one that the person has chosen, which grows while the call
 * goes on, or a download at the end where pages cannot write files.
 * @see https://wicg.github.io/file-system-access/
 * @module
 */
declare global {
  interface Window {
    /** Not in every browser. */
    showSaveFilePicker?: (options: SaveOptions) => Promise<FileSystemFileHandle>;
  }
}

/** What to suggest. */
interface SaveOptions {
  readonly suggestedName: string;
  readonly types: readonly {
    readonly description: string;
    readonly accept: { readonly [type: string]: readonly string[] };
  }[];
}

/** See the module comment. */
export interface RecordingFile {
  readonly name: string;
  write(data: Blob): Promise<void>;
  /** Nothing more comes; afterwards the file is whole. */
  close(): Promise<void>;
}

/** How long a download may take to begin. */
const DOWNLOAD_MS = 60_000;

/** Asks where to write, from a click. Undefined: the person does not want to after all. */
export async function openRecordingFile(
  name: string,
  type: string,
): Promise<RecordingFile | undefined> {
  const [plainType = ''] = type.split(';');
  if (window.showSaveFilePicker === undefined) return openDownload(name, plainType);
  const ending = name.slice(name.lastIndexOf('.'));
  const types = [{ description: name, accept: { [plainType]: [ending] } }];
  try {
    const target = await window.showSaveFilePicker({ suggestedName: name, types });
    const stream = await target.createWritable();
    return {
      name: target.name,
      write: (data) => stream.write(data),
      close: () => stream.close(),
    };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    throw error;
  }
}

function openDownload(name: string, type: string): RecordingFile {
  const parts: Blob[] = [];
  return {
    name,
    write: async (data) => void parts.push(data),
    close: async () => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(parts, { type }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), DOWNLOAD_MS);
    },
  };
}
