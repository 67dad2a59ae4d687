/**
 * Allocate: gives a client a relayed address.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-7
 * @module
 */
import { shownNonce } from '../auth/long-term.ts';
import { appendXorAddress } from '../wire/address-attribute.ts';
import { appendAddressErrorCode } from '../wire/address-family.ts';
import { ATTRIBUTE } from '../wire/attribute-type.ts';
import { appendLifetime } from '../wire/lifetime.ts';
import type { MessageWriter } from '../wire/message-writer.ts';
import { appendReservationToken } from '../wire/port-reservation.ts';
import type { Allocation } from './allocation.ts';
import { readAllocateRequest } from './allocate-request.ts';
import type { AllocateRequest } from './allocate-request.ts';
import { grantedLifetime } from './relay-limits.ts';
import type { RelayGrant, RelayRefusal } from './relay-mode.ts';
import type { HandlerContext, Outcome, TurnRequest } from './turn-request.ts';

/** What became of an Allocate whose relayed address took a while. */
export type LateAllocate = (
  allocation: Allocation,
  answer: { readonly grant: RelayGrant } | { readonly refusal: RelayRefusal },
) => void;

/** Answers an Allocate at once, or keeps silent and calls `onLate` in a later turn. */
export function handleAllocate(
  request: TurnRequest,
  context: HandlerContext,
  onLate: LateAllocate,
): Outcome {
  const { message, allocation: existing } = request;
  if (existing !== undefined) {
    // The same transaction again: the answer was lost, or is still being worked on.
    if (!existing.wasMadeBy(message.bytes, message.start + 8)) return 437;
    if (existing.state === 'opening') return 'silent';
    appendAllocation(context.writer, existing, request.nowMs);
    return 'success';
  }
  const wanted = readAllocateRequest(message);
  if (typeof wanted === 'number') return wanted;
  const refusal = context.core.allocations.refusal(request.user);
  if (refusal !== undefined) return refusal;
  return openAllocation(request, context, { wanted, onLate });
}

function openAllocation(
  request: TurnRequest,
  { core, relay, writer }: HandlerContext,
  { wanted, onLate }: { wanted: AllocateRequest; onLate: LateAllocate },
): Outcome {
  const { message, packet, user, nowMs } = request;
  const allocation = core.open({ socket: packet.socket, client: packet.from, user, nowMs });
  allocation.noteNonce(shownNonce(message));
  message.bytes.copy(allocation.transactionId, 0, message.start + 8, message.start + 20);
  const lifetime = grantedLifetime(wanted.lifetimeSeconds, core.limits);

  const granted = relay.provide(allocation, wanted);
  if (granted instanceof Promise) {
    void granted.then((late) => {
      if (allocation.state === 'closed') return;
      if (typeof late === 'number') return onLate(allocation, { refusal: late });
      core.start(allocation, lifetime, nowMs);
      return onLate(allocation, { grant: late });
    });
    return 'silent';
  }
  if (typeof granted === 'number') {
    core.close(allocation, 'refused', nowMs);
    return granted;
  }
  core.start(allocation, lifetime, nowMs);
  appendAllocation(writer, allocation, nowMs);
  appendGrant(writer, granted);
  return 'success';
}

/** Appends what every success answer to an Allocate carries. */
export function appendAllocation(
  writer: MessageWriter,
  allocation: Allocation,
  nowMs: number,
): void {
  const { ipv4, ipv6, client, expiresAtMs } = allocation;
  for (const relayed of [ipv4, ipv6]) {
    if (relayed === undefined) continue;
    appendXorAddress(writer, ATTRIBUTE.xorRelayedAddress, relayed.address);
  }
  appendXorAddress(writer, ATTRIBUTE.xorMappedAddress, client);
  appendLifetime(writer, Math.round((expiresAtMs - nowMs) / 1000));
}

/** Appends what only some success answers carry. */
export function appendGrant(writer: MessageWriter, grant: RelayGrant): void {
  const { additionalRefusal, reservationToken } = grant;
  if (additionalRefusal !== undefined) appendAddressErrorCode(writer, 6, additionalRefusal);
  if (reservationToken !== undefined) appendReservationToken(writer, reservationToken);
}
