/**
 * What a connection does at the moment, out of the browser's statistics. Loaded when it is asked for.
 * @see https://www.w3.org/TR/webrtc-stats/
 * @module
 */
import { abortable } from '../abortable.ts';
import type { BySource, Source } from '../media/source.ts';
import type { SetTimer } from '../platform.ts';

/** How statistics are asked for. */
export interface StatsOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/** A connection at one moment. What a browser does not tell is undefined. */
export interface PeerStats {
  readonly rttMs: number | undefined;
  readonly path: PathStats | undefined;
  /** What the browser believes it could send, in bits per second. */
  readonly availableBitrate: number | undefined;
  readonly sent: DirectionStats;
  readonly received: DirectionStats;
}

/** The way packets take. */
export interface PathStats {
  /** `'host'`, `'srflx'`, `'prflx'` or `'relay'`. */
  readonly local: string;
  readonly remote: string;
  /** `'udp'` or `'tcp'`; for a relay of ours how we reach it: also `'tls'`. */
  readonly protocol: string;
}

/** One direction. Bitrates are in bits per second, over the time since the call of `stats()` before. */
export interface DirectionStats {
  readonly bitrate: number;
  readonly tracks: { readonly [S in Source]?: TrackStats };
}

/** One track on its way. */
export interface TrackStats {
  readonly bitrate: number;
  /** Since the beginning. */
  readonly packetsLost: number | undefined;
  readonly jitterMs: number | undefined;
  /** Such as `'VP8'`. */
  readonly codec: string | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly fps: number | undefined;
  /** Why less is sent than could be: `'cpu'`, `'bandwidth'` or `'other'`; sending only. */
  readonly limitedBy: string | undefined;
}

/** A statistics entry of any type: what is not in it is absent. */
export interface StatsEntry extends RTCStats {
  readonly mid?: string;
  readonly kind?: string;
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly codecId?: string;
  readonly mimeType?: string;
  readonly frameWidth?: number;
  readonly frameHeight?: number;
  readonly framesPerSecond?: number;
  readonly qualityLimitationReason?: string;
  readonly remoteId?: string;
  readonly roundTripTime?: number;
  readonly selectedCandidatePairId?: string;
  readonly selected?: boolean;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly currentRoundTripTime?: number;
  readonly availableOutgoingBitrate?: number;
  readonly candidateType?: string;
  readonly protocol?: string;
  readonly relayProtocol?: string;
}

/** Whose statistics these are. */
export interface StatsOwner {
  readonly snapshot: BySource<{ readonly track: MediaStreamTrack | undefined }>;
  readonly connection: Pick<RTCPeerConnection, 'getStats' | 'getTransceivers'>;
}

/** Apart from the one of the SDK, which is not loaded with this. */
const SOURCES: readonly Source[] = ['microphone', 'camera', 'screen', 'screenSound'];

type Entries = ReadonlyMap<string, StatsEntry>;

/** Long enough for a bitrate that means something. */
const MIN_SPAN_MS = 500;
/** Older readings say nothing about the moment. */
const MAX_SPAN_MS = 15_000;
/** No browser takes so long to answer. */
const LONGEST_READING_MS = 2_000;

/** Reads the statistics of one peer; remembers the last reading, for bitrates. */
export class StatsReader {
  readonly #setTimer: SetTimer;
  #last: { readonly connection: object; readonly entries: Entries } | undefined;

  constructor(setTimer: SetTimer) {
    this.#setTimer = setTimer;
  }

  /** The first reading, and one after a long time, takes half a second. */
  read(peer: StatsOwner, { signal }: StatsOptions = {}): Promise<PeerStats> {
    const reading = this.#read(peer);
    return signal === undefined ? reading : abortable(reading, signal);
  }

  async #read(peer: StatsOwner): Promise<PeerStats> {
    const { connection } = peer;
    let entries = await this.#readEntries(connection);
    let before = this.#last?.connection === connection ? this.#last.entries : undefined;
    const span = before === undefined ? 0 : timeOf(entries) - timeOf(before);
    if (before === undefined || span < MIN_SPAN_MS || span > MAX_SPAN_MS) {
      before = entries;
      await new Promise<void>((resolve) => {
        this.#setTimer(resolve, MIN_SPAN_MS);
      });
      entries = await this.#readEntries(connection);
    }
    this.#last = { connection, entries };
    return summarize(before, entries, (mid) => findSource(peer, mid));
  }

  /** Nothing about a connection that is closed meanwhile: Firefox never answers then. */
  #readEntries(connection: StatsOwner['connection']): Promise<Entries> {
    return new Promise((resolve, reject) => {
      const cancel = this.#setTimer(() => resolve(new Map()), LONGEST_READING_MS);
      connection
        .getStats()
        .then((report) => resolve(entriesOf(report)), reject)
        .finally(cancel);
    });
  }
}

function findSource({ snapshot, connection }: StatsOwner, mid: string): Source | undefined {
  const section = connection.getTransceivers().find((each) => each.mid === mid);
  const track = section?.receiver.track;
  return track && SOURCES.find((source) => snapshot[source].track === track);
}

function entriesOf(report: RTCStatsReport): Entries {
  const entries = new Map<string, StatsEntry>();
  // oxlint-disable-next-line unicorn/no-array-for-each -- the only way that the DOM types offer
  report.forEach((entry: StatsEntry) => entries.set(entry.id, entry));
  return entries;
}

function timeOf(entries: Entries): number {
  const [first] = entries.values();
  return first?.timestamp ?? 0;
}

/** Sums up the second of two readings. Pure. */
export function summarize(
  before: Entries,
  entries: Entries,
  sourceOf: (mid: string) => Source | undefined,
): PeerStats {
  const pair = selectedPair(entries);
  const sent = summarizeDirection('outbound-rtp', { before, entries, sourceOf });
  const received = summarizeDirection('inbound-rtp', { before, entries, sourceOf });
  const rtt = pair?.currentRoundTripTime ?? reportedRoundTrip(entries);
  return {
    rttMs: inMs(rtt),
    path: pair && pathOf(entries, pair),
    availableBitrate: pair?.availableOutgoingBitrate,
    sent,
    received,
  };
}

interface Reading {
  readonly before: Entries;
  readonly entries: Entries;
  readonly sourceOf: (mid: string) => Source | undefined;
}

function summarizeDirection(
  type: 'inbound-rtp' | 'outbound-rtp',
  { before, entries, sourceOf }: Reading,
): DirectionStats {
  const tracks: { [S in Source]?: TrackStats } = {};
  let bitrate = 0;
  for (const entry of entries.values()) {
    if (entry.type !== type) continue;
    const track = trackOf(entry, before, entries);
    bitrate += track.bitrate;
    const source = entry.mid === undefined ? undefined : sourceOf(entry.mid);
    if (source !== undefined) tracks[source] = track;
  }
  return { bitrate, tracks };
}

function trackOf(entry: StatsEntry, before: Entries, entries: Entries): TrackStats {
  // What was lost of what we send, only the other side knows.
  const judged = entry.type === 'inbound-rtp' ? entry : entries.get(entry.remoteId ?? '');
  const limit = entry.qualityLimitationReason;
  return {
    bitrate: bitrateOf(entry, before.get(entry.id)),
    packetsLost: judged?.packetsLost,
    jitterMs: inMs(judged?.jitter),
    codec: entries.get(entry.codecId ?? '')?.mimeType?.split('/')[1],
    width: entry.frameWidth,
    height: entry.frameHeight,
    fps: entry.framesPerSecond,
    limitedBy: limit === 'none' ? undefined : limit,
  };
}

function bitrateOf(now: StatsEntry, before: StatsEntry | undefined): number {
  const spanMs = now.timestamp - (before?.timestamp ?? now.timestamp);
  if (spanMs <= 0) return 0;
  const bytes = bytesOf(now) - (before === undefined ? 0 : bytesOf(before));
  return Math.round((Math.max(0, bytes) * 8 * 1000) / spanMs);
}

function bytesOf({ bytesSent, bytesReceived }: StatsEntry): number {
  return bytesSent ?? bytesReceived ?? 0;
}

/** Named by the transport; where there is no such entry, the pair itself says that it is in use. */
function selectedPair(entries: Entries): StatsEntry | undefined {
  const all = [...entries.values()];
  const named = all.find(({ selectedCandidatePairId }) => selectedCandidatePairId !== undefined);
  if (named?.selectedCandidatePairId !== undefined)
    return entries.get(named.selectedCandidatePairId);
  return all.find(({ type, selected }) => type === 'candidate-pair' && selected === true);
}

function reportedRoundTrip(entries: Entries): number | undefined {
  const reports = [...entries.values()].filter(({ type }) => type === 'remote-inbound-rtp');
  return reports.find(({ roundTripTime }) => roundTripTime !== undefined)?.roundTripTime;
}

function pathOf(entries: Entries, pair: StatsEntry): PathStats {
  const local = entries.get(pair.localCandidateId ?? '');
  const remote = entries.get(pair.remoteCandidateId ?? '');
  return {
    local: local?.candidateType ?? 'unknown',
    remote: remote?.candidateType ?? 'unknown',
    protocol: local?.relayProtocol ?? local?.protocol ?? 'unknown',
  };
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}
