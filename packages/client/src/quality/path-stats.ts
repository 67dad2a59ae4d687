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
  /** Share of our sound packets that the other side missed, 0 to 1; undefined before it has said so. */
  readonly soundLoss: number | undefined;
}

/** A statistics entry of any type: what is not in it is absent. */
interface Entry extends RTCStats {
  readonly availableOutgoingBitrate?: number;
  readonly qualityLimitationReason?: string;
  readonly kind?: string;
  readonly fractionLost?: number;
}

/** Sums up a report. */
export function readPathStats(entries: Iterable<Entry>): PathStats {
  let available: number | undefined;
  let isOverloaded = false;
  let soundLoss: number | undefined;
  for (const entry of entries) {
    // Only the pair in use has an estimate.
    if (entry.type === 'candidate-pair') available = entry.availableOutgoingBitrate ?? available;
    if (entry.type === 'outbound-rtp') isOverloaded ||= entry.qualityLimitationReason === 'cpu';
    if (entry.type === 'remote-inbound-rtp' && entry.kind === 'audio') {
      soundLoss = Math.max(soundLoss ?? 0, entry.fractionLost ?? 0);
    }
  }
  return { available, isOverloaded, soundLoss };
}
