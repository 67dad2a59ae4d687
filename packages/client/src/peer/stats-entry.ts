/**
 * What the browser's statistics are made of, as far as anybody here looks at them. Firefox and Chromium
 * leave different things out.
 * @see https://www.w3.org/TR/webrtc-stats/
 * @module
 */
import type { LinkLimit } from './link-description.ts';

/** A statistics entry of any type: what is not in it is absent. */
export interface StatsEntry {
  readonly id: string;
  readonly type: string;
  readonly timestamp: number;
  readonly selectedCandidatePairId?: string;
  /** Firefox says it at the pair itself. */
  readonly selected?: boolean;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly bytesReceived?: number;
  readonly lastPacketReceivedTimestamp?: number;
  readonly responsesReceived?: number;
  readonly requestsReceived?: number;
  readonly currentRoundTripTime?: number;
  readonly candidateType?: string;
  readonly relayProtocol?: 'udp' | 'tcp' | 'tls';
  readonly priority?: number;
  readonly qualityLimitationReason?: LinkLimit;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly fractionLost?: number;
}
