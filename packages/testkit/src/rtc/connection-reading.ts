/**
 * What the records of the probe mean: frames, loudness, the path in use. Pure.
 * @see https://www.w3.org/TR/webrtc-stats/
 * @module
 */
import type { ConnectionRecord } from './probe.ts';

/** One connection at one moment, read for a test. */
export interface ConnectionReading extends Omit<ConnectionRecord, 'configuration' | 'stats'> {
  /** Addresses of the STUN and TURN servers that the page configured. */
  readonly iceServerUrls: readonly string[];
  /** Kinds of the two ends in use, such as `host` and `relay`; absent until there is a pair. */
  readonly path: { readonly local: string; readonly remote: string } | undefined;
  readonly video: { readonly framesDecoded: number; readonly packetsReceived: number };
  /** `totalEnergy` grows with loudness and time, and stands still in silence. */
  readonly audio: { readonly totalEnergy: number; readonly packetsReceived: number };
}

/** A statistics entry of any type: what is not in it is absent. */
interface Entry extends RTCStats {
  readonly kind?: string;
  readonly framesDecoded?: number;
  readonly packetsReceived?: number;
  readonly totalAudioEnergy?: number;
  readonly selectedCandidatePairId?: string;
  readonly selected?: boolean;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly candidateType?: string;
}

/** Sums up what the statistics say. */
export function readConnection(record: ConnectionRecord): ConnectionReading {
  const { configuration, stats, ...rest } = record;
  return {
    ...rest,
    iceServerUrls: (configuration.iceServers ?? []).flatMap(({ urls }) => urls),
    path: pathOf(stats),
    video: {
      framesDecoded: total(stats, 'video', 'framesDecoded'),
      packetsReceived: total(stats, 'video', 'packetsReceived'),
    },
    audio: {
      totalEnergy: total(stats, 'audio', 'totalAudioEnergy'),
      packetsReceived: total(stats, 'audio', 'packetsReceived'),
    },
  };
}

function total(
  entries: readonly Entry[],
  kind: string,
  field: 'framesDecoded' | 'packetsReceived' | 'totalAudioEnergy',
): number {
  return entries
    .filter((entry) => entry.type === 'inbound-rtp' && entry.kind === kind)
    .reduce((sum, entry) => sum + (entry[field] ?? 0), 0);
}

function pathOf(entries: readonly Entry[]): ConnectionReading['path'] {
  const id = selectedPairId(entries);
  const pair = entries.find((entry) => entry.id === id);
  if (pair === undefined) return undefined;
  return {
    local: candidateType(entries, pair.localCandidateId),
    remote: candidateType(entries, pair.remoteCandidateId),
  };
}

/** Named by the transport; where there is no such entry, the pair itself says that it is in use. */
function selectedPairId(entries: readonly Entry[]): string | undefined {
  const transport = entries.find((entry) => entry.selectedCandidatePairId !== undefined);
  const pair = entries.find((entry) => entry.type === 'candidate-pair' && entry.selected === true);
  return transport?.selectedCandidatePairId ?? pair?.id;
}

function candidateType(entries: readonly Entry[], id: string | undefined): string {
  return entries.find((entry) => entry.id === id)?.candidateType ?? 'unknown';
}
