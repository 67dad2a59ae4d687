/**
 * The seam between the engine (no I/O) and the transports (all the I/O). The engine is a
 * {@link PacketReceiver}; a UDP socket or one TCP/TLS connection is a {@link PacketSocket}.
 * @module
 */
import type { AddressFamily, TransportAddress } from '../wire/transport-address.ts';

/** Writable bytes before each received packet, so that headers can be prepended in place. */
export const HEADROOM_BYTES = 64;

/** Writable bytes behind each received packet, for padding to a multiple of 4. */
export const TAILROOM_BYTES = 4;

/** What a packet travels over. */
export type PacketTransport = 'udp' | 'tcp' | 'tls';

/**
 * One received packet: a datagram, or one complete STUN message or ChannelData frame of a stream
 * (a stream's ChannelData comes without its padding). The object and the bytes are reused after the
 * `onBatchEnd` that follows; copy what you keep. {@link HEADROOM_BYTES} before `offset` and
 * {@link TAILROOM_BYTES} behind the end are writable and belong to this packet alone until then.
 */
export interface ReceivedPacket {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly length: number;
  readonly from: TransportAddress;
  readonly socket: PacketSocket;
}

/** Takes what sockets receive. Implementations never throw. */
export interface PacketReceiver {
  onPacket(packet: ReceivedPacket): void;
  /** No more packets for now: every socket that was sent to since the last call gets its `flush`. */
  onBatchEnd(): void;
  /** A stream connection ended, or a socket failed. Called once, also after its own `close()`. */
  onSocketClosed(socket: PacketSocket): void;
}

/** A bound UDP socket, or one TCP or TLS connection (then `to` is ignored). */
export interface PacketSocket {
  readonly transport: PacketTransport;
  /** Unique in this process, never reused. */
  readonly id: number;
  /** Where it is bound; the port is the real one after binding port 0. */
  readonly local: TransportAddress;
  /**
   * Sends one datagram, or one message on a stream. Takes the bytes at once or at the next `flush`:
   * they may lie in a received packet's own buffer (rewritten in place) and stay untouched until then.
   * On a stream, `length` is already a multiple of 4: padding is the engine's work.
   * Never throws; what cannot be sent is dropped and counted.
   */
  send(buffer: Buffer, offset: number, length: number, to: TransportAddress): void;
  flush(): void;
  /** Idempotent. Nothing is received afterwards. */
  close(): void;
}

/** What to bind. */
export interface UdpBindOptions {
  /** Literal IP address, or the wildcard of `family`. IPv6 sockets are always IPv6-only. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly family: AddressFamily;
  readonly receiver: PacketReceiver;
  /** Lets other threads and processes bind the same port, to share its clients. @default false */
  readonly reusePort?: boolean;
}

/** Creates UDP sockets. Two implementations: `dgram` everywhere, `batch` on Linux. */
export interface UdpBackend {
  readonly name: 'dgram' | 'batch';
  /** Rejects with Node's own error (`code` is `EADDRINUSE`, `EADDRNOTAVAIL`, `EAFNOSUPPORT`...). */
  bind(options: UdpBindOptions): Promise<PacketSocket>;
}
