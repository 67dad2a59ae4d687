/**
 * The one error type of Parley and the codes of the signaling protocol.
 * @module
 */

/** Base of every error Parley throws on purpose. Branch on `code`, never on `message`. */
export class ParleyError<Code extends string = string> extends Error {
  override readonly name: string = 'ParleyError';
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Why the server refused a message. Every code is explained in docs/ERRORS.md. */
export type SignalingErrorCode =
  | 'ERR_ROOM_NAME'
  | 'ERR_ROOM_FULL'
  | 'ERR_ROOM_LOCKED'
  | 'ERR_SERVER_FULL'
  | 'ERR_PASSCODE_WANTED'
  | 'ERR_PASSCODE_WRONG'
  | 'ERR_KNOCK_WAITING'
  | 'ERR_ENTRY_REFUSED'
  | 'ERR_NOT_HOST'
  | 'ERR_TOKEN_WANTED'
  | 'ERR_TOKEN_INVALID'
  | 'ERR_TOKEN_EXPIRED'
  | 'ERR_TOKEN_ROOM'
  | 'ERR_TOKEN_USED'
  | 'ERR_ROOM_ALREADY_JOINED'
  | 'ERR_ROOM_NOT_JOINED'
  | 'ERR_PEER_UNKNOWN'
  | 'ERR_SESSION_INVALID'
  | 'ERR_SESSION_EXPIRED'
  | 'ERR_MESSAGE_SCHEMA'
  | 'ERR_MESSAGE_SIZE'
  | 'ERR_RATE_LIMIT'
  | 'ERR_SERVER_DRAINING'
  | 'ERR_EVENT_UNKNOWN'
  | 'ERR_INTERNAL';

/** A refusal as it travels: the code to branch on, a sentence with the next step to read. */
export interface Refusal {
  readonly code: SignalingErrorCode;
  readonly message: string;
}

/** Answer of the server to a message it did not accept. */
export interface Refused {
  readonly ok: false;
  readonly error: Refusal;
}

/** Builds the refusal value that travels in an ack. */
export function refuse(code: SignalingErrorCode, message: string): Refused {
  return { ok: false, error: { code, message } };
}
