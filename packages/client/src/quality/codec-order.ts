/**
 * Which video format goes first: one that this device both encodes and decodes in hardware, smoothly and with little
 * power. Formats are only put in another order and none is left out, so that every browser still finds
 * one it knows; where the browser knows of no efficient one, or does not say, nothing changes.
 * @see https://www.w3.org/TR/media-capabilities/
 * @module
 */

/** What is asked for: what a call with one other person sends. */
const PICTURE = { width: 1_280, height: 720, bitrate: 1_700_000, framerate: 30 } as const;
/** Retransmission and error correction: they stay behind the formats they serve. */
const NO_FORMAT = /\/(?:rtx|red|ulpfec|flexfec-03)$/iu;

/** The part of a browser that is needed; a member is absent where a browser does not have it. */
export interface CodecPlatform {
  readonly capabilities: Pick<MediaCapabilities, 'encodingInfo' | 'decodingInfo'> | undefined;
  /** What this browser can receive, in its own order. */
  readonly formats: () => readonly RTCRtpCodec[];
}

/** A section of a description, as far as its formats go. */
export interface CodecSection {
  readonly receiver: { readonly track: Pick<MediaStreamTrack, 'kind'> };
  readonly setCodecPreferences?: (codecs: RTCRtpCodec[]) => void;
}

/** Sets the order of formats in a section; to be called before the section is negotiated. */
export type PreferCodecs = (section: CodecSection) => void;

/** The one of this page. */
const BROWSER_CODECS: CodecPlatform = {
  get capabilities() {
    const browser: Partial<Navigator> | undefined = globalThis.navigator;
    return browser?.mediaCapabilities;
  },
  formats: () =>
    globalThis.RTCRtpReceiver === undefined
      ? []
      : (RTCRtpReceiver.getCapabilities('video')?.codecs ?? []),
};

/** Those that are efficient both ways. Never rejects. */
export async function findEfficient({
  capabilities,
  formats,
}: CodecPlatform): Promise<readonly RTCRtpCodec[]> {
  if (capabilities === undefined) return [];
  const asked = formats().filter(({ mimeType }) => !NO_FORMAT.test(mimeType));
  const answers = await Promise.all(
    asked.map(async (format) => {
      const video = { ...PICTURE, contentType: contentTypeOf(format) };
      try {
        const infos = await Promise.all([
          capabilities.encodingInfo({ type: 'webrtc', video }),
          capabilities.decodingInfo({ type: 'webrtc', video }),
        ]);
        return infos.every((info) => info.supported && info.smooth && info.powerEfficient);
      } catch {
        return false; // not every browser knows this kind of question
      }
    }),
  );
  return asked.filter((_format, at) => answers[at]);
}

/** `formats` with the efficient ones first; otherwise in the order they were in. */
export function orderFormats(
  formats: readonly RTCRtpCodec[],
  efficient: readonly RTCRtpCodec[],
): RTCRtpCodec[] {
  const isFirst = (format: RTCRtpCodec): boolean =>
    efficient.some((one) => contentTypeOf(one) === contentTypeOf(format));
  return [...formats.filter(isFirst), ...formats.filter((format) => !isFirst(format))];
}

/** Begins to ask at once; sections that are made before there is an answer stay as they are. */
export function preferEfficient(platform: CodecPlatform = BROWSER_CODECS): PreferCodecs {
  let efficient: readonly RTCRtpCodec[] = [];
  const find = async (): Promise<void> => {
    efficient = await findEfficient(platform);
  };
  void find();
  return (section) => {
    if (efficient.length === 0 || section.receiver.track.kind !== 'video') return;
    try {
      section.setCodecPreferences?.(orderFormats(platform.formats(), efficient));
    } catch {
      // The order of the browser does as well.
    }
  };
}

function contentTypeOf({ mimeType, sdpFmtpLine }: RTCRtpCodec): string {
  return sdpFmtpLine === undefined ? mimeType : `${mimeType};${sdpFmtpLine}`;
}
