/**
 * The only error the decoders of this folder throw.
 * @module
 */
import { ParleyError } from '@parley/protocol';

/** What is wrong with received bytes. */
export type StunDecodeErrorCode =
  | 'ERR_STUN_TRUNCATED'
  | 'ERR_STUN_HEADER'
  | 'ERR_STUN_LENGTH'
  | 'ERR_STUN_ATTRIBUTE_COUNT'
  | 'ERR_STUN_ATTRIBUTE_SIZE'
  | 'ERR_STUN_ATTRIBUTE_VALUE';

/** Received bytes are not what they claim to be. The sender's fault, never ours. */
export class StunDecodeError extends ParleyError<StunDecodeErrorCode> {
  override readonly name: string = 'StunDecodeError';
}
