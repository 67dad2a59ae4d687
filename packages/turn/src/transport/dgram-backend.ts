/**
 * UDP through Node's `dgram`: works everywhere, one system call and a few objects per packet.
 * @module
 */
import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { emptyAddress } from '../wire/transport-address.ts';
import type { TransportAddress } from '../wire/transport-address.ts';
import { HEADROOM_BYTES, TAILROOM_BYTES } from '../engine/packet-socket.ts';
import type {
  PacketReceiver,
  PacketSocket,
  ReceivedPacket,
  UdpBackend,
  UdpBindOptions,
} from '../engine/packet-socket.ts';
import { AddressTexts } from './address-texts.ts';
import { nextSocketId } from './socket-id.ts';
import { MAX_DATAGRAM_BYTES, emptyTransportCounters } from './transport-counters.ts';
import type { TransportCounters } from './transport-counters.ts';

/** Asked of the system for each socket; it may grant less. Absorbs bursts of video frames. */
const SOCKET_BUFFER_BYTES = 2 * 1024 * 1024;

/** A datagram libuv could not send at once keeps its slot until it leaves, hence a ring of them. */
const SEND_SLOTS = 64;
const SLOT_BYTES = 2048;

/** Creates the `dgram` back end. `counters` collects what its sockets drop. */
export function createDgramBackend(
  counters: TransportCounters = emptyTransportCounters(),
): UdpBackend {
  const shared: Shared = {
    counters,
    texts: new AddressTexts(),
    received: Buffer.allocUnsafeSlow(HEADROOM_BYTES + MAX_DATAGRAM_BYTES + TAILROOM_BYTES),
    sending: Buffer.allocUnsafeSlow(SEND_SLOTS * SLOT_BYTES),
  };
  return { name: 'dgram', bind: (options) => bindDgram(options, shared) };
}

/** Memory all sockets of one back end share: one packet is received at a time. */
interface Shared {
  readonly counters: TransportCounters;
  readonly texts: AddressTexts;
  readonly received: Buffer;
  readonly sending: Buffer;
}

type Lookup = (
  host: string,
  options: unknown,
  done: (error: null, address: string, family: number) => void,
) => void;

/** Addresses are literal here; Node would otherwise ask its resolver for every packet. */
function lookupFor(family: 4 | 6): Lookup {
  return (host, _options, done) => done(null, host, family);
}

async function bindDgram(options: UdpBindOptions, shared: Shared): Promise<PacketSocket> {
  const { family, host, port, reusePort = false } = options;
  const socket = createSocket({
    type: family === 4 ? 'udp4' : 'udp6',
    ipv6Only: family === 6,
    recvBufferSize: SOCKET_BUFFER_BYTES,
    sendBufferSize: SOCKET_BUFFER_BYTES,
    lookup: lookupFor(family),
    // Node 20 does not know it and then says that the port is taken.
    ...(reusePort && { reusePort }),
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ port, address: host, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  }).catch((error: unknown) => {
    socket.close();
    throw error;
  });
  return new DgramSocket(socket, options.receiver, shared);
}

class DgramSocket implements PacketSocket {
  readonly transport = 'udp';
  readonly id: number = nextSocketId();
  readonly local: TransportAddress = emptyAddress();
  readonly #socket: Socket;
  readonly #receiver: PacketReceiver;
  readonly #shared: Shared;
  readonly #packet: { -readonly [K in keyof ReceivedPacket]: ReceivedPacket[K] };
  #nextSlot = 0;
  #open = true;

  constructor(socket: Socket, receiver: PacketReceiver, shared: Shared) {
    this.#socket = socket;
    this.#receiver = receiver;
    this.#shared = shared;
    this.#packet = {
      buffer: shared.received,
      offset: HEADROOM_BYTES,
      length: 0,
      from: emptyAddress(),
      socket: this,
    };
    const { address, port } = socket.address();
    shared.texts.read(address, port, this.local);
    socket.on('message', (message, from) => this.#receive(message, from));
    socket.on('error', () => {
      // A failed receive (no memory, interface gone) says nothing about the next one.
    });
    socket.on('close', () => receiver.onSocketClosed(this));
  }

  send(buffer: Buffer, offset: number, length: number, to: TransportAddress): void {
    if (!this.#open) return;
    const { counters, sending, texts } = this.#shared;
    if (this.#socket.getSendQueueCount() >= SEND_SLOTS || length > SLOT_BYTES) {
      counters.udpSendDropped += 1;
      return;
    }
    const start = this.#nextSlot * SLOT_BYTES;
    this.#nextSlot = (this.#nextSlot + 1) % SEND_SLOTS;
    buffer.copy(sending, start, offset, offset + length);
    this.#socket.send(sending, start, length, to.port, texts.text(to));
  }

  flush(): void {
    // Each datagram left in `send`.
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#socket.close();
  }

  #receive(message: Buffer, from: RemoteInfo): void {
    if (!this.#open) return;
    if (message.length > MAX_DATAGRAM_BYTES) {
      this.#shared.counters.udpOversized += 1;
      return;
    }
    const packet = this.#packet;
    message.copy(packet.buffer, HEADROOM_BYTES);
    packet.offset = HEADROOM_BYTES;
    packet.length = message.length;
    this.#shared.texts.read(from.address, from.port, packet.from);
    this.#receiver.onPacket(packet);
    this.#receiver.onBatchEnd();
  }
}
