/**
 * The file behind a {@link DoorLedger}: for its owner alone, and never half written.
 * @module
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where a ledger is kept. */
export interface LedgerFile {
  /** What was written last; `undefined` when there is nothing. */
  read(): string | undefined;
  /** `undefined`: there is nothing to keep. Throws what the system throws. */
  write(text: string | undefined): void;
}

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** The ledger of the server that listens on `port`: several may share a data folder. */
export function openLedgerFile(dataDir: string, port: number): LedgerFile {
  const folder = resolve(dataDir);
  const file = join(folder, `doors-${port}.json`);
  return {
    read: () => {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return undefined;
      }
    },
    write: (text) => {
      if (text === undefined) return rmSync(file, { force: true });
      mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
      writeFileSync(`${file}.new`, text, { mode: FILE_MODE });
      renameSync(`${file}.new`, file);
    },
  };
}
