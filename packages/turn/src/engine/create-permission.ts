/**
 * CreatePermission: lets packets from some IP addresses through to the client. All or none.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-10
 * @module
 */
import { decodeXorAddressAt } from '../wire/address-attribute.ts';
import { ATTRIBUTE } from '../wire/attribute-type.ts';
import { ABSENT } from '../wire/message-reader.ts';
import type { MessageReader } from '../wire/message-reader.ts';
import { emptyAddress } from '../wire/transport-address.ts';
import type { TransportAddress } from '../wire/transport-address.ts';
import type { Allocation } from './allocation.ts';
import type { Reach } from './permission-list.ts';
import type { AllocationRequest, HandlerContext, Outcome } from './turn-request.ts';

/** A peer address and how it may be reached. */
export interface AllowedPeer {
  readonly peer: TransportAddress;
  readonly reach: Reach;
}

/** Answers a CreatePermission. */
export function handleCreatePermission(
  { message, allocation, nowMs }: AllocationRequest,
  { core, relay }: HandlerContext,
): Outcome {
  const peers = readPeers(message);
  if (peers.length === 0) return 400;
  const allowed: AllowedPeer[] = [];
  for (const peer of peers) {
    const verdict = judgePeer(allocation, peer, relay);
    if (typeof verdict === 'number') return verdict;
    allowed.push(verdict);
  }
  const { permissions } = allocation;
  // Firefox takes anything but 403 for the end of the whole relay.
  if (!permissions.hasRoomFor(peers, core.limits.permissionsPerAllocation, nowMs)) return 403;
  for (const { peer, reach } of allowed) permissions.install(peer, reach, nowMs);
  return 'success';
}

/** Whether an allocation may have to do with a peer: the one gate of all requests. */
export function judgePeer(
  allocation: Allocation,
  peer: TransportAddress,
  relay: HandlerContext['relay'],
): AllowedPeer | 403 | 443 {
  const reach = relay.reachOf(allocation, peer);
  // Refused is refused: 443 is only for peers that another allocation could reach.
  if (reach === undefined) return 403;
  return allocation.relayed(peer.family) === undefined ? 443 : { peer, reach };
}

function readPeers(message: MessageReader): TransportAddress[] {
  const peers: TransportAddress[] = [];
  let index = message.find(ATTRIBUTE.xorPeerAddress);
  for (; index !== ABSENT; index = message.findFrom(index + 1, ATTRIBUTE.xorPeerAddress)) {
    const peer = emptyAddress();
    decodeXorAddressAt(message, index, peer);
    peers.push(peer);
  }
  return peers;
}
