/**
 * What signals travel in. This one is for links without a key; the other one, with its cryptography,
 * is loaded only when there is a key.
 * @module
 */
import type { ParleyError, Payload, PeerId, RelayedEvent } from '@parley/protocol';
import { isFields } from '../peer/media-state.ts';
import { privacyError } from './privacy-error.ts';
import type { PrivacyErrorCode } from './privacy-error.ts';

/** A payload, or why it must be dropped. */
export type Unwrapped = Payload | ParleyError<PrivacyErrorCode>;

/** Stands between a room and the server. Results settle in the order of the calls. */
export interface Envelope {
  /** The id the server knows us by from now on. */
  useSelf(self: PeerId): void;
  /** The form in which a signal goes to `to`. To send it again, send the same form again. */
  wrap(to: PeerId, event: RelayedEvent, payload: Payload): Payload | Promise<Payload>;
  /** Reads what `from` has sent. Never rejects. */
  unwrap(from: PeerId, event: RelayedEvent, payload: Payload): Unwrapped | Promise<Unwrapped>;
  /** As `wrap`, for an offer that travels with `join`: no id is known yet. */
  wrapJoinOffer(payload: Payload): Payload | Promise<Payload>;
  /** Reads the offer that came with somebody's `join`. */
  unwrapJoinOffer(payload: Payload): Unwrapped | Promise<Unwrapped>;
  /** The peer is gone. */
  forget(peer: PeerId): void;
}

/** Passes everything on as it is, and takes nothing that is sealed. */
export const PLAIN_ENVELOPE: Envelope = {
  useSelf() {},
  wrap: (_to, _event, payload) => payload,
  unwrap: (_from, _event, payload) => unsealed(payload),
  wrapJoinOffer: (payload) => payload,
  unwrapJoinOffer: unsealed,
  forget() {},
};

/** True for what was sealed, well or not. */
export function isSealed(payload: Payload): boolean {
  return isFields(payload) && Object.hasOwn(payload, 'sealed');
}

function unsealed(payload: Payload): Unwrapped {
  return isSealed(payload)
    ? privacyError('ERR_SIGNAL_SEALED', 'Open the whole link, with the key at its end.')
    : payload;
}
