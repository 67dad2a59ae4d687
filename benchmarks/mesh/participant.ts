/**
 * One person of a mesh: a page that does nothing but call through the SDK, and show everybody else in
 * a tile of its own.
 * @module
 */
import type * as Parley from '@parley/client';
import type { TestPage } from '@parley/testkit';

declare global {
  interface Window {
    parley?: typeof Parley;
    meshRoom?: Parley.Room;
  }
}

/** How somebody takes part. */
export interface Participation {
  /** Address of the server. */
  readonly server: string;
  readonly room: string;
  readonly governed: boolean;
  readonly camera: boolean;
  /** What a tile measures when so many others are shown is found from this. */
  readonly screen: { readonly width: number; readonly height: number };
}

/** Everything a page has sent and received so far, over all connections. */
export interface Tally {
  /** Clock of the page. */
  readonly timestampMs: number;
  readonly framesDecoded: number;
  /** Width of the pictures received now, on the mean. */
  readonly frameWidth: number;
  readonly bytesSent: number;
  readonly soundPackets: number;
  readonly soundPacketsLost: number;
  /** Of all sound played, in samples. */
  readonly soundSamples: number;
  /** Made up by the player because nothing came in time. */
  readonly soundConcealed: number;
  /** Of the connections' own packets now, on the mean. */
  readonly roundTripMs: number;
}

/** As a text: whatever runs this would rewrite an import of its own. */
const importSdk = Object.assign((): void => {}, {
  toString: () => "async () => { window.parley = await import('/sdk/parley.js'); }",
});

/** Opens a page on the server and enters the room. */
export async function takePart(page: TestPage, participation: Participation): Promise<void> {
  await page.goto(`${participation.server}/examples/plain/`);
  await page.evaluate(importSdk, undefined);
  await page.evaluate(async ({ room, governed, camera, screen }) => {
    const client = window.parley?.createClient(governed ? {} : { quality: false });
    if (client === undefined) throw new Error('The SDK is not in this page');
    const tiles = new Map<string, HTMLVideoElement>();
    document.body.replaceChildren();
    document.body.style.cssText = 'margin:0;display:flex;flex-wrap:wrap';
    const layOut = (): void => {
      const columns = Math.ceil(Math.sqrt(tiles.size + 1));
      const [width, height] = [screen.width / columns, screen.height / columns];
      for (const video of tiles.values()) {
        video.style.cssText = `width:${width}px;height:${height}px`;
      }
      for (const peer of window.meshRoom?.snapshot.peers ?? []) {
        peer.show('camera', { width, height });
      }
    };
    await client.media.start({ camera, microphone: true });
    const joined = await client.join(room, { name: 'mesh' });
    window.meshRoom = joined;
    joined.on('peer', (peer) => {
      const video = document.createElement('video');
      video.muted = true;
      video.srcObject = peer.snapshot.stream;
      peer.subscribe(() => void video.play().catch(() => undefined));
      tiles.set(peer.id, video);
      document.body.append(video);
      layOut();
    });
    joined.on('peerLeft', ({ peer }) => {
      tiles.get(peer.id)?.remove();
      tiles.delete(peer.id);
      layOut();
    });
  }, participation);
}

/** Reads the counters of every open connection of a page. */
export async function readTally(page: TestPage): Promise<Tally> {
  return page.evaluate(async () => {
    interface Entry extends RTCStats {
      readonly kind?: string;
      readonly [counter: string]: unknown;
    }
    const open = (window.rtcProbe?.connections ?? []).filter(
      ({ connectionState }) => connectionState === 'connected',
    );
    const reports = await Promise.all(open.map((connection) => connection.getStats()));
    const entries = reports.flatMap((report): Entry[] => Array.from(report.values()));
    const read = (type: string, kind: string | undefined, counter: string): number[] =>
      entries
        .filter((entry) => entry.type === type && (kind === undefined || entry.kind === kind))
        .flatMap((entry) => {
          const value = entry[counter];
          return typeof value === 'number' ? [value] : [];
        });
    const sum = (type: string, kind: string | undefined, counter: string): number =>
      read(type, kind, counter).reduce((all, one) => all + one, 0);
    const mean = (type: string, kind: string | undefined, counter: string): number =>
      sum(type, kind, counter) / Math.max(1, read(type, kind, counter).length);
    return {
      timestampMs: performance.now(),
      framesDecoded: sum('inbound-rtp', 'video', 'framesDecoded'),
      frameWidth: mean('inbound-rtp', 'video', 'frameWidth'),
      bytesSent: sum('transport', undefined, 'bytesSent'),
      soundPackets: sum('inbound-rtp', 'audio', 'packetsReceived'),
      soundPacketsLost: sum('inbound-rtp', 'audio', 'packetsLost'),
      soundSamples: sum('inbound-rtp', 'audio', 'totalSamplesReceived'),
      soundConcealed: sum('inbound-rtp', 'audio', 'concealedSamples'),
      roundTripMs: mean('candidate-pair', undefined, 'currentRoundTripTime') * 1_000,
    };
  }, undefined);
}

/** What happened between two readings of one page. */
export interface Flow {
  readonly framesPerSecond: number;
  readonly frameWidth: number;
  readonly kilobitsPerSecond: number;
  /** Share of sound packets, from 0 to 1. */
  readonly soundLost: number;
  /** Share of sound that had to be made up, from 0 to 1. */
  readonly soundConcealed: number;
  readonly roundTripMs: number;
}

/** Compares two readings. */
export function flowBetween(before: Tally, after: Tally): Flow {
  const seconds = (after.timestampMs - before.timestampMs) / 1_000;
  const grown = (counter: keyof Tally): number => after[counter] - before[counter];
  const packets = grown('soundPackets') + grown('soundPacketsLost');
  return {
    framesPerSecond: grown('framesDecoded') / seconds,
    frameWidth: after.frameWidth,
    kilobitsPerSecond: (grown('bytesSent') * 8) / 1_000 / seconds,
    soundLost: grown('soundPacketsLost') / Math.max(1, packets),
    soundConcealed: grown('soundConcealed') / Math.max(1, grown('soundSamples')),
    roundTripMs: after.roundTripMs,
  };
}
