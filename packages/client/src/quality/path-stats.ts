/**
 * What the statistics of one connection say about sending. Pure.
 * @see https://www.w3.org/TR/webrtc-stats/
 * @module
 */

/** One look at a connection. */
export interface PathStats {
  /** Bits per second that the browser believes it can send; Firefox does not say. */
  readonly available: number | undefined;
  /** An encoder is held back by the processor. */
  readonly isOverloaded: boolean;
}

/** A statistics entry of any type: what is not in it is absent. */
interface Entry extends RTCStats {
  readonly availableOutgoingBitrate?: number;
  readonly qualityLimitationReason?: string;
}

/** Sums up a report. */
export function readPathStats(entries: Iterable<Entry>): PathStats {
  let available: number | undefined;
  let isOverloaded = false;
  for (const entry of entries) {
    // Only the pair in use has an estimate.
    if (entry.type === 'candidate-pair') available = entry.availableOutgoingBitrate ?? available;
    if (entry.type === 'outbound-rtp') isOverloaded ||= entry.qualityLimitationReason === 'cpu';
  }
  return { available, isOverloaded };
}
