/**
 * STUN Binding requests, the smallest work a server can be given.
 * @module
 */
import { randomBytes } from 'node:crypto';
import type { Libc } from '../../../packages/turn/src/transport/batch/libc.ts';
import { parseAddress } from '../../../packages/turn/src/wire/address-text.ts';
import {
  MESSAGE_CLASS,
  METHOD,
  encodeMessageType,
} from '../../../packages/turn/src/wire/message-type.ts';
import { MessageWriter } from '../../../packages/turn/src/wire/message-writer.ts';
import type { Shot } from './flood.ts';
import { DrainBlock, RawSocket } from './raw-socket.ts';

export const BINDING_WINDOW = 256;

const HEADER_BYTES = 20;

/** Clients that each ask for their address, and where the answers come in. */
export function bindingLoad(
  libc: Libc,
  port: number,
  clients: number,
): { shots: Shot[]; sinks: RawSocket[] } {
  const to = parseAddress('127.0.0.1', port);
  if (to === undefined) throw new Error('no loopback');
  const drain = new DrainBlock(libc);
  const sinks = Array.from({ length: clients }, () => new RawSocket(libc, drain));
  const shots = sinks.map((socket) => ({
    socket,
    bursts: socket.prepare([{ to, bytes: bindingRequest(), segmentBytes: HEADER_BYTES }]),
  }));
  return { shots, sinks };
}

function bindingRequest(): Buffer {
  const writer = new MessageWriter();
  writer.target(Buffer.alloc(HEADER_BYTES), 0);
  writer.begin(encodeMessageType(METHOD.binding, MESSAGE_CLASS.request));
  writer.setTransactionId(randomBytes(12), 0);
  return writer.message();
}
