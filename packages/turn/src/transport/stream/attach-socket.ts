/**
 * Connects a socket of this thread with a stream host.
 * @module
 */
import type { Socket } from 'node:net';
import { readAddressText } from '../../wire/address-text.ts';
import { emptyAddress } from '../../wire/transport-address.ts';
import type { TransportAddress } from '../../wire/transport-address.ts';
import type { TransportCounters } from '../transport-counters.ts';
import { SocketFrameWriter } from './frame-writer.ts';
import type { StreamEnds } from './stream-connection.ts';
import type { StreamHost } from './stream-host.ts';

/** Reads where `socket` is connected; `::ffff:192.0.2.1`, as dual-stack sockets say, is IPv4. */
export function endsOf(socket: Socket, transport: 'tcp' | 'tls'): StreamEnds {
  return {
    transport,
    local: addressOf(socket.localAddress, socket.localPort),
    remote: addressOf(socket.remoteAddress, socket.remotePort),
  };
}

/** Lets `host` serve `socket` until either ends. Bytes put back with `unshift` come first. */
export function attachSocket(
  socket: Socket,
  transport: 'tcp' | 'tls',
  { host, counters }: { readonly host: StreamHost; readonly counters: TransportCounters },
): void {
  const writer = new SocketFrameWriter(socket, counters);
  const connection = host.open(endsOf(socket, transport), writer);
  if (connection === undefined) return;
  socket.setNoDelay(true);
  socket.on('data', (chunk) => host.receive(connection, chunk));
  socket.on('error', () => connection.close());
  socket.on('end', () => connection.close());
  socket.on('close', () => connection.close());
}

const MAPPED_PREFIX = '::ffff:';

function addressOf(text = '0.0.0.0', port = 0): TransportAddress {
  const address = emptyAddress();
  const isMapped = text.startsWith(MAPPED_PREFIX) && text.includes('.');
  readAddressText(isMapped ? text.slice(MAPPED_PREFIX.length) : text, port, address);
  return address;
}
