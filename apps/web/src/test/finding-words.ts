/**
 * The words for what the checkup found: each row has a name, what was seen, and, where something is
 * wrong, the one thing to do. Pure.
 * @module
 */
import type { CheckName, Finding, FindingReason, FindingStatus } from '@parley/client/checkup';
import type { AppTranslate, MessageKey } from '../i18n/message-key.ts';
import { mediaProblems } from '../lobby/media-problems.ts';
import type { Platform } from '../lobby/platform.ts';

/** A row as it is read. */
export interface FindingWords {
  readonly name: string;
  readonly status: string;
  readonly detail: string;
  /** Absent where there is nothing to do. */
  readonly fix: string | undefined;
}

const NAMES: Readonly<Record<CheckName, MessageKey>> = {
  page: 'test.name.page',
  secureContext: 'test.name.secureContext',
  clock: 'test.name.clock',
  websocket: 'test.name.websocket',
  polling: 'test.name.polling',
  candidates: 'test.name.candidates',
  stun: 'test.name.stun',
  turnUdp: 'test.name.turnUdp',
  turnTcp: 'test.name.turnTcp',
  turnTls: 'test.name.turnTls',
  relayQuality: 'test.name.relayQuality',
  camera: 'device.camera',
  microphone: 'device.microphone',
  speaker: 'test.name.speaker',
};

const STATUSES: Readonly<Record<FindingStatus, MessageKey>> = {
  running: 'test.status.running',
  ok: 'test.status.ok',
  warn: 'test.status.warn',
  fail: 'test.status.fail',
  skip: 'test.status.skip',
};

/** What was seen, and what to do about it. */
type Sentences = readonly [detail: MessageKey, fix?: MessageKey];

/** Devices have their own help, by browser and system. */
type DeviceFailure = Extract<FindingReason, `ERR_${string}`>;

const SENTENCES: Readonly<Record<Exclude<FindingReason, DeviceFailure>, Sentences>> = {
  running: ['test.status.running'],
  answers: ['test.answers'],
  unreachable: ['test.unreachable', 'test.unreachable.fix'],
  badStatus: ['test.badStatus', 'test.badStatus.fix'],
  secure: ['test.secure'],
  insecure: ['test.insecure', 'test.insecure.fix'],
  clockAgrees: ['test.clockAgrees'],
  clockDiffers: ['test.clockDiffers', 'test.clockDiffers.fix'],
  clockUnknown: ['test.clockUnknown'],
  connected: ['test.connected'],
  websocketBlocked: ['test.noConnection', 'test.websocketBlocked.fix'],
  pollingBlocked: ['test.noConnection', 'test.pollingBlocked.fix'],
  noAnswer: ['test.noAnswer', 'test.noAnswer.fix'],
  nobodyLetIn: ['test.nobodyLetIn'],
  invitedOnly: ['test.invitedOnly'],
  invitationRefused: ['test.invitationRefused'],
  candidatesFound: ['test.candidatesFound'],
  noCandidates: ['test.noCandidates', 'test.noCandidates.fix'],
  noWebrtc: ['test.noWebrtc', 'join.unsupported.body'],
  addressFound: ['test.addressFound'],
  sameAddress: ['test.sameAddress'],
  stunSilent: ['test.noAnswer', 'test.stunSilent.fix'],
  relayed: ['test.relayed'],
  relayOff: ['test.relayOff', 'test.relayOff.fix'],
  notOffered: ['test.notOffered'],
  relaySilentUdp: ['test.noAnswer', 'test.relaySilentUdp.fix'],
  relaySilentTcp: ['test.noAnswer', 'test.relaySilentTcp.fix'],
  relaySilentTls: ['test.noAnswer', 'test.relaySilentTls.fix'],
  relayRefused: ['test.relayRefused', 'test.relayRefused.fix'],
  relayStuck: ['test.relayStuck', 'test.relayStuck.fix'],
  flowsWell: ['test.flow'],
  flowsBadly: ['test.flow', 'test.flowsBadly.fix'],
  noRelay: ['test.noRelay'],
  deviceWorks: ['test.deviceWorks'],
  speakerListed: ['test.speakerListed'],
  speakerUnknown: ['test.speakerUnknown'],
};

/** The words for one row. */
export function findingWords(t: AppTranslate, row: Finding, platform: Platform): FindingWords {
  const { check, reason, values } = row;
  const head = { name: t(NAMES[check]), status: t(STATUSES[row.status]) };
  if (isDeviceFailure(reason)) return { ...head, ...deviceWords(t, { check, reason }, platform) };
  const [detail, fix] = SENTENCES[reason];
  return { ...head, detail: t(detail, values), fix: fix && t(fix, values) };
}

function isDeviceFailure(reason: FindingReason): reason is DeviceFailure {
  return reason.startsWith('ERR_');
}

function deviceWords(
  t: AppTranslate,
  { check, reason }: { readonly check: CheckName; readonly reason: DeviceFailure },
  platform: Platform,
): Pick<FindingWords, 'detail' | 'fix'> {
  const failure = { state: 'failed', error: { code: reason } } as const;
  const fine = { state: 'live', error: undefined } as const;
  const isCamera = check === 'camera';
  const [problem] = mediaProblems(isCamera ? failure : fine, isCamera ? fine : failure, platform);
  if (problem === undefined) return { detail: t('test.noAnswer'), fix: undefined };
  const devices = t(problem.deviceNames);
  return { detail: t(problem.title, { devices }), fix: t(problem.help, { devices }) };
}
