/**
 * ChannelBind: a short number for a peer, and a permission for its IP address.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-12
 * @module
 */
import { decodeXorAddress } from '../wire/address-attribute.ts';
import { ATTRIBUTE } from '../wire/attribute-type.ts';
import { decodeChannelNumber, FIRST_CHANNEL } from '../wire/channel-number.ts';
import { emptyAddress } from '../wire/transport-address.ts';
import { judgePeer } from './create-permission.ts';
import type { AllocationRequest, HandlerContext, Outcome } from './turn-request.ts';

/** Answers a ChannelBind. */
export function handleChannelBind(
  { message, allocation, nowMs }: AllocationRequest,
  { core, relay, lastChannel }: HandlerContext,
): Outcome {
  const peer = emptyAddress();
  const channel = decodeChannelNumber(message);
  const hasPeer = decodeXorAddress(message, ATTRIBUTE.xorPeerAddress, peer);
  if (channel === undefined || !hasPeer) return 400;
  if (channel < FIRST_CHANNEL || channel > lastChannel) return 400;

  const { channels, permissions } = allocation;
  const { channelsPerAllocation, permissionsPerAllocation } = core.limits;
  const result = channels.check(channel, peer, channelsPerAllocation, nowMs);
  if (result === 'conflict') return 400;
  const verdict = judgePeer(allocation, peer, relay);
  if (typeof verdict === 'number') return verdict;
  if (peer.port === 0) return 403;
  if (result === 'full') return 508;
  if (!permissions.hasRoomFor([peer], permissionsPerAllocation, nowMs)) return 508;

  channels.bind(channel, peer, verdict.reach, nowMs);
  permissions.install(peer, verdict.reach, nowMs);
  return 'success';
}
