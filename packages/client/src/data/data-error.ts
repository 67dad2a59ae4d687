/**
 * Errors of channels.
 * @module
 */
import { ParleyError } from '@parley/protocol';

/** Why a message was not sent. Explained in docs/ERRORS.md. */
export type DataErrorCode =
  | 'ERR_CHANNEL_CLOSED'
  | 'ERR_DATA_BACKLOG'
  | 'ERR_DATA_SIZE'
  | 'ERR_PEER_LEFT'
  | 'ERR_PEER_UNKNOWN'
  | 'ERR_PEER_WITHOUT_CHANNELS';

/** Builds an error of a channel. */
export function dataError(code: DataErrorCode, message: string): ParleyError<DataErrorCode> {
  return new ParleyError(code, message);
}

/** The error for what was under way when the room was left. */
export function closedError(): ParleyError {
  return dataError('ERR_CHANNEL_CLOSED', 'The room of this channel has been left.');
}

/** The error for what was under way when a peer left. */
export function peerLeftError(): ParleyError {
  return dataError('ERR_PEER_LEFT', 'This peer has left the room.');
}
