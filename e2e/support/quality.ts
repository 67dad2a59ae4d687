/**
 * What a call costs and gives: the size of pictures, and the bytes on the way.
 * @module
 */
import type { TestPage } from '@parley/testkit';

/** Both directions of all connections of a page, summed up at one moment. */
export interface TrafficReading {
  /** Clock of the page, in milliseconds. */
  readonly timestampMs: number;
  readonly framesDecoded: number;
  /** Of the last picture that was decoded; 0 before the first one. */
  readonly frameWidth: number;
  readonly videoBytesSent: number;
  readonly audioBytesSent: number;
  readonly audioPacketsSent: number;
  readonly audioPacketsReceived: number;
}

/** Reads the statistics of every open connection. */
export async function readTraffic(page: TestPage): Promise<TrafficReading> {
  return page.evaluate(async () => {
    interface Entry extends RTCStats {
      readonly kind?: string;
      readonly framesDecoded?: number;
      readonly frameWidth?: number;
      readonly bytesSent?: number;
      readonly packetsSent?: number;
      readonly packetsReceived?: number;
    }
    const open = (window.rtcProbe?.connections ?? []).filter(
      ({ connectionState }) => connectionState !== 'closed',
    );
    const reports = await Promise.all(open.map((connection) => connection.getStats()));
    const entries = reports.flatMap((report): Entry[] => Array.from(report.values()));
    const sum = (type: string, kind: string, read: (entry: Entry) => number | undefined) =>
      entries
        .filter((entry) => entry.type === type && entry.kind === kind)
        .reduce((total, entry) => total + (read(entry) ?? 0), 0);
    return {
      timestampMs: performance.now(),
      framesDecoded: sum('inbound-rtp', 'video', ({ framesDecoded }) => framesDecoded),
      frameWidth: sum('inbound-rtp', 'video', ({ frameWidth }) => frameWidth),
      videoBytesSent: sum('outbound-rtp', 'video', ({ bytesSent }) => bytesSent),
      audioBytesSent: sum('outbound-rtp', 'audio', ({ bytesSent }) => bytesSent),
      audioPacketsSent: sum('outbound-rtp', 'audio', ({ packetsSent }) => packetsSent),
      audioPacketsReceived: sum('inbound-rtp', 'audio', ({ packetsReceived }) => packetsReceived),
    };
  }, undefined);
}

/** Bits per second of pictures that a page sends, over so long. */
export async function measureVideoBitrate(page: TestPage, durationMs: number): Promise<number> {
  return (await measureRate(page, durationMs, ({ videoBytesSent }) => videoBytesSent)) * 8;
}

/** Packets a second of sound that a page sends, over so long. */
export function measureSoundPackets(page: TestPage, durationMs: number): Promise<number> {
  return measureRate(page, durationMs, ({ audioPacketsSent }) => audioPacketsSent);
}

async function measureRate(
  page: TestPage,
  durationMs: number,
  read: (traffic: TrafficReading) => number,
): Promise<number> {
  const before = await readTraffic(page);
  await new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
  const after = await readTraffic(page);
  return (read(after) - read(before)) / ((after.timestampMs - before.timestampMs) / 1_000);
}

/** Nothing is said any more, or again: the microphone goes on, and what it delivers is silence. */
export async function saySomething(page: TestPage, speaks: boolean): Promise<void> {
  await page.evaluate((value) => {
    for (const connection of window.rtcProbe?.connections ?? []) {
      for (const { track } of connection.getSenders()) {
        if (track?.kind === 'audio') track.enabled = value;
      }
    }
  }, speaks);
}

/** What a page lets its senders send, in bits per second, to everybody together. */
export interface UplinkReading {
  readonly voices: readonly number[];
  readonly pictures: readonly number[];
}

/** Reads the limits of every sender that sends something to somebody. */
export async function readUplink(page: TestPage): Promise<UplinkReading> {
  return page.evaluate(() => {
    const senders = (window.rtcProbe?.connections ?? [])
      .filter(({ connectionState }) => connectionState === 'connected')
      .flatMap((connection) => connection.getSenders());
    const limitsOf = (kind: string): number[] =>
      senders
        .filter(({ track }) => track?.kind === kind)
        .flatMap((sender) => sender.getParameters().encodings)
        .map(({ active, maxBitrate = Infinity }) => (active === false ? 0 : maxBitrate));
    return { voices: limitsOf('audio'), pictures: limitsOf('video') };
  }, undefined);
}

/** Formats of the pictures that a page sends or receives, such as `video/VP8`. */
export async function readPictureFormats(
  page: TestPage,
  direction: 'outbound-rtp' | 'inbound-rtp',
): Promise<readonly string[]> {
  return page.evaluate(async (type) => {
    const open = (window.rtcProbe?.connections ?? []).filter(
      ({ connectionState }) => connectionState === 'connected',
    );
    const reports = await Promise.all(open.map((connection) => connection.getStats()));
    return reports.flatMap((report) =>
      [...report.values()].flatMap((entry): string[] => {
        if (entry.type !== type || entry.kind !== 'video') return [];
        const { mimeType } = report.get(entry.codecId) ?? {};
        return typeof mimeType === 'string' ? [mimeType] : [];
      }),
    );
  }, direction);
}

/** From now on the browser says that it encodes and decodes this format, and no other, with little power. */
export async function makeEfficient(page: TestPage, mimeType: string): Promise<void> {
  await page.evaluate((wanted) => {
    const answer = (video?: VideoConfiguration): MediaCapabilitiesInfo => ({
      supported: true,
      smooth: true,
      powerEfficient: video?.contentType.startsWith(wanted) === true,
    });
    Object.assign(navigator.mediaCapabilities, {
      encodingInfo: ({ video }: MediaEncodingConfiguration) => Promise.resolve(answer(video)),
      decodingInfo: ({ video }: MediaDecodingConfiguration) => Promise.resolve(answer(video)),
    });
  }, mimeType);
}

/** Gives the tiles of the others a size in CSS pixels, or takes them out of sight. */
export async function showTiles(
  page: TestPage,
  size: { readonly width: number; readonly height: number } | undefined,
): Promise<void> {
  await page.evaluate((wanted) => {
    for (const tile of document.querySelectorAll<HTMLElement>('[data-peer]')) {
      tile.style.display = wanted === null ? 'none' : '';
      tile.style.maxWidth = wanted === null ? '' : `${wanted.width}px`;
      tile.style.maxHeight = wanted === null ? '' : `${wanted.height}px`;
    }
  }, size ?? null);
}

/** From now on the browser says that its processor is too slow for the pictures it sends. */
export async function makeBusy(page: TestPage): Promise<void> {
  await page.evaluate(() => {
    for (const connection of window.rtcProbe?.connections ?? []) {
      const read = connection.getStats.bind(connection);
      connection.getStats = async () => {
        const entries = [...(await read())].map(([id, entry]): [string, unknown] => {
          const isPicture = entry.type === 'outbound-rtp' && entry.kind === 'video';
          return [id, isPicture ? { ...entry, qualityLimitationReason: 'cpu' } : entry];
        });
        return new Map(entries);
      };
    }
  }, undefined);
}
