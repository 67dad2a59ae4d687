/**
 * Allocations with a channel each, over which nothing is sent.
 * @module
 */
import type { Libc } from '../../../packages/turn/src/transport/batch/libc.ts';
import { parseAddress } from '../../../packages/turn/src/wire/address-text.ts';
import { DrainBlock, PEER_HOST, RawSocket } from './raw-socket.ts';
import type { Target } from './target.ts';
import { TurnClient } from './turn-client.ts';

/** Allocations that do nothing. */
export interface IdleScenario {
  readonly kind: 'idle';
  readonly target: Target;
  readonly allocations: number;
  /** Their clients send from this port and those that follow. */
  readonly firstPort: number;
  /** Channels lead to a plain UDP peer; else to the allocation's own relayed address. */
  readonly toPeer: boolean;
}

/** What there is now. */
export interface IdleResult {
  readonly allocations: number;
}

const CHANNEL = 0x4000;

/** Makes the allocations, from one port after the other. They outlive this process. */
export function makeIdle(libc: Libc, scenario: IdleScenario): IdleResult {
  const { target, allocations, firstPort } = scenario;
  const server = parseAddress('127.0.0.1', target.port);
  if (server === undefined) throw new Error('no loopback');
  const drain = new DrainBlock(libc);
  const peer = new RawSocket(libc, drain, { host: PEER_HOST });
  for (let index = 0; index < allocations; index += 1) {
    const socket = new RawSocket(libc, drain, { port: firstPort + index });
    const client = new TurnClient(socket, server, target);
    const relayed = client.allocate();
    client.bindChannel(CHANNEL, scenario.toPeer ? peer.address : relayed);
    socket.close();
  }
  return { allocations };
}
