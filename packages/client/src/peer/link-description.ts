/**
 * How good the way to one peer is, out of the browser's statistics. Pure.
 * @module
 */
import type { StatsEntry } from './stats-entry.ts';

/** How the packets of a call travel: straight, through a NAT, or by which transport over a relay. */
export type LinkPath = 'host' | 'srflx' | 'relay-udp' | 'relay-tcp' | 'relay-tls';

/** What holds our own picture back. */
export type LinkLimit = 'none' | 'bandwidth' | 'cpu' | 'other';

/** A link at one moment. */
export interface LinkDescription {
  /** Undefined until there is one. */
  readonly path: LinkPath | undefined;
  /** There and back, in milliseconds. */
  readonly rttMs: number | undefined;
  readonly quality: 'good' | 'fair' | 'poor';
  /** What holds the picture back that we send. */
  readonly limitedBy: LinkLimit;
}

/** RFC 8445: the highest byte of a candidate's priority tells its type. */
const TYPE_SHIFT = 24;
const WORST_FIRST = ['relay-tls', 'relay-tcp', 'relay-udp', 'srflx', 'host'] as const;
const LIMITS = ['cpu', 'bandwidth', 'other'] as const;
const GOOD = { rttMs: 250, loss: 0.02 } as const;
const FAIR = { rttMs: 500, loss: 0.08 } as const;

/** Reads one report; that of the look before tells what was lost meanwhile. */
export function describeLink(
  entries: readonly StatsEntry[],
  before: readonly StatsEntry[],
  pair: StatsEntry | undefined,
): LinkDescription {
  const ends = [pair?.localCandidateId, pair?.remoteCandidateId].map((end) =>
    pathOf(entries.find(({ id }) => id === end)),
  );
  const limits = new Set(entries.map((entry) => entry.qualityLimitationReason));
  const rtt = pair?.currentRoundTripTime;
  const rttMs = rtt === undefined ? undefined : Math.round(rtt * 1000);
  return {
    path: WORST_FIRST.find((path) => ends.some((end) => end === path)),
    rttMs,
    quality: judgeQuality(rttMs ?? 0, lossIn(entries, before)),
    limitedBy: LIMITS.find((limit) => limits.has(limit)) ?? 'none',
  };
}

function judgeQuality(rttMs: number, loss: number): LinkDescription['quality'] {
  if (rttMs <= GOOD.rttMs && loss <= GOOD.loss) return 'good';
  return rttMs <= FAIR.rttMs && loss <= FAIR.loss ? 'fair' : 'poor';
}

/** The worse of what we missed and what the other side missed, 0 to 1. */
function lossIn(entries: readonly StatsEntry[], before: readonly StatsEntry[]): number {
  const missed = entries.map((entry) => entry.fractionLost ?? 0);
  const lost = Math.max(0, total(entries, 'packetsLost') - total(before, 'packetsLost'));
  const came = total(entries, 'packetsReceived') - total(before, 'packetsReceived');
  return Math.max(lost / (lost + Math.max(1, came)), ...missed);
}

function total(entries: readonly StatsEntry[], counter: 'packetsReceived' | 'packetsLost'): number {
  return entries
    .filter(({ type }) => type === 'inbound-rtp')
    .reduce((sum, entry) => sum + (entry[counter] ?? 0), 0);
}

function pathOf(candidate: StatsEntry | undefined): LinkPath | undefined {
  if (candidate === undefined) return undefined;
  const { candidateType, relayProtocol, priority = 0 } = candidate;
  if (candidateType === 'host') return 'host';
  if (candidateType !== 'relay') return 'srflx';
  if (relayProtocol !== undefined) return `relay-${relayProtocol}`;
  // The other side's: browsers prefer relays by UDP (2 or more) to those by TCP (1) and TLS (0).
  return (['relay-tls', 'relay-tcp'] as const)[priority >>> TYPE_SHIFT] ?? 'relay-udp';
}
