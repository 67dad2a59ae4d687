/**
 * Makes a server one of several. What speaks with Redis is loaded only here.
 * @module
 */
import { SYSTEM_CLOCK } from '../clock.ts';
import type { SessionTokens } from '../membership/session-token.ts';
import type { ResolvedServerOptions } from '../options.ts';
import { mintNodeId } from './node-id.ts';
import { Nodes } from './nodes.ts';

/** A client that sends this many times what it may is cut off at its own node. */
const PATIENCE = 10;

/**
 * `undefined` for a server that is the only one.
 * @throws {ParleyError} `ERR_REDIS` or `ERR_NODE_SECRET`
 */
export async function meetNodes(
  { redis, rateLimit, logger }: ResolvedServerOptions,
  secrets: readonly string[],
  tokens: SessionTokens,
): Promise<Nodes | undefined> {
  if (redis === undefined) return undefined;
  const { RedisBus } = await import('./redis-bus.ts');
  const self = mintNodeId();
  const bus = await RedisBus.connect({ url: redis, self, logger });
  return Nodes.meet({
    self,
    bus,
    secrets,
    tokens,
    clock: SYSTEM_CLOCK,
    logger,
    rateLimit: { burst: rateLimit.burst * PATIENCE, perSecond: rateLimit.perSecond * PATIENCE },
  });
}
