/**
 * Refresh: prolongs an allocation, or gives it back.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-8
 * @module
 */
import { decodeFamily } from '../wire/address-family.ts';
import { appendLifetime, decodeLifetime } from '../wire/lifetime.ts';
import type { AddressFamily } from '../wire/transport-address.ts';
import { grantedLifetime } from './relay-limits.ts';
import type { AllocationRequest, HandlerContext, Outcome } from './turn-request.ts';

/** Answers a Refresh. */
export function handleRefresh(
  { message, allocation, nowMs }: AllocationRequest,
  { core, writer }: HandlerContext,
): Outcome {
  const family = decodeFamily(message, 'requestedAddressFamily');
  if (family === 'unknown') return 443;
  if (family !== undefined && allocation.relayed(family) === undefined) return 443;
  const requested = decodeLifetime(message);
  if (requested === 0) {
    // Of two relayed addresses one may be given back alone.
    const isOther = family !== undefined && allocation.relayed(otherFamily(family)) !== undefined;
    if (isOther) core.allocations.removeRelayed(allocation, family);
    else core.close(allocation, 'released', nowMs);
    appendLifetime(writer, 0);
    return 'success';
  }
  const seconds = grantedLifetime(requested, core.limits);
  allocation.expiresAtMs = nowMs + seconds * 1000;
  appendLifetime(writer, seconds);
  return 'success';
}

function otherFamily(family: AddressFamily): AddressFamily {
  return family === 4 ? 6 : 4;
}
