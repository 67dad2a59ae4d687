/**
 * Why joining did not work, in words a person can act on. Pure.
 * @module
 */
import type { MessageKey } from '../i18n/message-key.ts';

/** What the lobby shows after a refused join. */
export interface JoinProblem extends JoinWords {
  /** Of the error; what a page around the call is told. */
  readonly code: string;
}

interface JoinWords {
  readonly title: MessageKey;
  readonly help: MessageKey;
  /** The room wants a passcode. */
  readonly asksPasscode?: boolean;
  /** The test of the connection may tell more. */
  readonly isTestable?: boolean;
}

const FULL: JoinWords = { title: 'join.full.title', help: 'join.full.body' };
const NAME: JoinWords = { title: 'join.name.title', help: 'join.name.body' };
const BUSY: JoinWords = { title: 'join.busy.title', help: 'join.busy.body' };
const UNREACHABLE: JoinWords = {
  title: 'join.unreachable.title',
  help: 'join.unreachable.body',
  isTestable: true,
};
const DRAINING: JoinWords = { title: 'join.draining.title', help: 'join.draining.body' };
const UNSUPPORTED: JoinWords = {
  title: 'join.unsupported.title',
  help: 'join.unsupported.body',
};
const TIMEOUT: JoinWords = {
  title: 'join.timeout.title',
  help: 'join.timeout.body',
  isTestable: true,
};
const PASSCODE: JoinWords = {
  title: 'join.passcode.title',
  help: 'join.passcode.body',
  asksPasscode: true,
};
const WRONG: JoinWords = {
  title: 'join.wrong.title',
  help: 'join.wrong.body',
  asksPasscode: true,
};
const LOCKED: JoinWords = { title: 'join.locked.title', help: 'join.locked.body' };
const REFUSED: JoinWords = { title: 'join.refused.title', help: 'join.refused.body' };
const TOKEN: JoinWords = { title: 'join.token.title', help: 'join.token.body' };
const KEY: JoinWords = { title: 'join.key.title', help: 'join.key.body' };
const INSECURE: JoinWords = { title: 'join.insecure.title', help: 'join.insecure.body' };
const UNKNOWN: JoinWords = {
  title: 'join.unknown.title',
  help: 'join.unknown.body',
  isTestable: true,
};

const BY_CODE: ReadonlyMap<unknown, JoinWords> = new Map([
  ['ERR_ROOM_FULL', FULL],
  ['ERR_SERVER_FULL', BUSY],
  ['ERR_ROOM_LOCKED', LOCKED],
  ['ERR_PASSCODE_WANTED', PASSCODE],
  ['ERR_PASSCODE_WRONG', WRONG],
  ['ERR_ENTRY_REFUSED', REFUSED],
  ['ERR_TOKEN_WANTED', TOKEN],
  ['ERR_TOKEN_INVALID', TOKEN],
  ['ERR_TOKEN_EXPIRED', TOKEN],
  ['ERR_TOKEN_ROOM', TOKEN],
  ['ERR_TOKEN_USED', TOKEN],
  ['ERR_ROOM_NAME', NAME],
  ['ERR_RATE_LIMIT', BUSY],
  ['ERR_SERVER_DRAINING', DRAINING],
  ['ERR_SERVER_UNREACHABLE', UNREACHABLE],
  ['ERR_SDK_LOAD', UNREACHABLE],
  ['ERR_SERVER_TIMEOUT', TIMEOUT],
  ['ERR_WEBRTC_UNSUPPORTED', UNSUPPORTED],
  ['ERR_LINK_KEY', KEY],
  ['ERR_CRYPTO_UNAVAILABLE', INSECURE],
]);

/** What to say about an error of `client.join`. */
export function joinProblem(error: unknown): JoinProblem {
  const code = codeOf(error);
  return {
    ...(BY_CODE.get(code) ?? UNKNOWN),
    code: typeof code === 'string' ? code : 'ERR_UNKNOWN',
  };
}

/** Whether trying again with this link and at this address cannot help. */
export function isLinkProblem(error: unknown): boolean {
  const problem = BY_CODE.get(codeOf(error));
  return problem === KEY || problem === INSECURE;
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
