/**
 * The effect open mode needs: real UDP sockets to relay from. Implemented at the rim, faked in tests.
 * @module
 */
import type { AddressFamily, TransportAddress } from '../wire/transport-address.ts';
import type { PacketReceiver, PacketSocket } from './packet-socket.ts';

/** Which port is wanted. */
export interface RelayPortRequest {
  readonly family: AddressFamily;
  /** `even-with-next`: an even port, and the one above it as well. */
  readonly parity: 'any' | 'even' | 'even-with-next';
  /** Gets what arrives. */
  readonly receiver: PacketReceiver;
}

/** A bound relay port. The engine closes its sockets. */
export interface RelayPort {
  readonly socket: PacketSocket;
  /** What peers see: the public IP, the socket's port. */
  readonly address: TransportAddress;
  /** The port above, when it was wanted. */
  readonly next: RelayPort | undefined;
}

/** Opens relay ports. */
export interface RelayPorts {
  readonly families: readonly AddressFamily[];
  /** Rejects when no port can be had. */
  open(request: RelayPortRequest): Promise<RelayPort>;
}
