/**
 * Signs of life in the browser's statistics. Pure.
 * @module
 */
import type { StatsEntry } from './stats-entry.ts';

/** What has come from the other side; whatever changes shows that it lives. */
export interface LinkSigns {
  /** Of media and data, on any path. */
  readonly bytes: number;
  /** Since the last of them; 0 when the browser does not say. */
  readonly ageMs: number;
  /** That the path in use works. */
  readonly checks: number;
}

/** Of a connection on which nothing has come. */
export const NO_SIGNS: LinkSigns = { bytes: 0, ageMs: 0, checks: 0 };
/** Anything else is no age but a reading of another clock. */
const MAX_AGE_MS = 120_000;

/** Reads the entries of one report. */
export function readSigns(entries: readonly StatsEntry[]): LinkSigns {
  const { responsesReceived = 0, requestsReceived = 0 } = pairInUse(entries) ?? {};
  let bytes = 0;
  let ageMs = MAX_AGE_MS;
  for (const { type, timestamp, bytesReceived = 0, lastPacketReceivedTimestamp = 0 } of entries) {
    if (type !== 'candidate-pair') continue;
    bytes += bytesReceived;
    const pairAgeMs = timestamp - lastPacketReceivedTimestamp;
    if (pairAgeMs >= 0 && pairAgeMs < ageMs) ageMs = pairAgeMs;
  }
  return {
    bytes,
    ageMs: ageMs < MAX_AGE_MS ? ageMs : 0,
    checks: responsesReceived + requestsReceived,
  };
}

/** The candidate pair in use. */
export function pairInUse(entries: readonly StatsEntry[]): StatsEntry | undefined {
  const used = entries.find(({ type }) => type === 'transport')?.selectedCandidatePairId;
  return entries.find(({ id, selected }) => id === used || selected);
}
