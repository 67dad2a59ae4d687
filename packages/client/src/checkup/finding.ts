/**
 * What one look found, as values: the words are the business of whoever shows them.
 * @module
 */
import type { MediaErrorCode } from '../media/media-error.ts';

/** What is looked at, in the order of the table. */
export const CHECK_NAMES = [
  'page',
  'secureContext',
  'clock',
  'websocket',
  'polling',
  'candidates',
  'stun',
  'turnUdp',
  'turnTcp',
  'turnTls',
  'relayQuality',
  'camera',
  'microphone',
  'speaker',
] as const;
/** One of the things that are looked at. */
export type CheckName = (typeof CHECK_NAMES)[number];

/** `warn`: it works, but somebody will be bothered. `skip`: it could not be tried, or does not apply. */
export type FindingStatus = 'running' | 'ok' | 'warn' | 'fail' | 'skip';

/** Every reason there can be for a status. One reason has one fix. */
export type FindingReason =
  | 'running'
  | 'answers'
  | 'unreachable'
  | 'badStatus'
  | 'secure'
  | 'insecure'
  | 'clockAgrees'
  | 'clockDiffers'
  | 'clockUnknown'
  | 'connected'
  | 'websocketBlocked'
  | 'pollingBlocked'
  | 'noAnswer'
  | 'nobodyLetIn'
  | 'invitedOnly'
  | 'invitationRefused'
  | 'candidatesFound'
  | 'noCandidates'
  | 'noWebrtc'
  | 'addressFound'
  | 'sameAddress'
  | 'stunSilent'
  | 'relayed'
  | 'relayOff'
  | 'notOffered'
  | 'relaySilentUdp'
  | 'relaySilentTcp'
  | 'relaySilentTls'
  | 'relayRefused'
  | 'relayStuck'
  | 'flowsWell'
  | 'flowsBadly'
  | 'noRelay'
  | 'deviceWorks'
  | 'speakerListed'
  | 'speakerUnknown'
  | MediaErrorCode;

/** Numbers and names that belong to a reason, such as `ms`, `port` or `kilobits`. */
export type FindingValues = Readonly<Record<string, number | string>>;

/** One row of the table. */
export interface Finding {
  readonly check: CheckName;
  readonly status: FindingStatus;
  readonly reason: FindingReason;
  readonly values: FindingValues;
}

/** Builds a row. */
export function finding(
  check: CheckName,
  status: FindingStatus,
  reason: FindingReason,
  values: FindingValues = {},
): Finding {
  return { check, status, reason, values };
}
