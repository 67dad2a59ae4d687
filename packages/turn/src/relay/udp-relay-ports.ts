/**
 * Relay ports of open mode: UDP sockets on random ports of a range.
 * @module
 */
import { randomInt } from 'node:crypto';
import type { PacketReceiver, PacketSocket, UdpBackend } from '../engine/packet-socket.ts';
import type { RelayPort, RelayPortRequest, RelayPorts } from '../engine/relay-ports.ts';
import { copyAddress, emptyAddress } from '../wire/transport-address.ts';
import type { AddressFamily, TransportAddress } from '../wire/transport-address.ts';
import type { RelayAddresses } from './relay-addresses.ts';

/** Ports to choose from, both ends included. */
export interface PortRange {
  readonly min: number;
  readonly max: number;
}

/** The dynamic ports of IANA. */
export const DEFAULT_RELAY_PORTS: PortRange = { min: 49_152, max: 65_535 };

/** Where the sockets are bound. */
export interface UdpRelayPortsOptions {
  readonly backend: UdpBackend;
  /** Address to bind of each family; without one the family is not offered. */
  readonly bindTo: { readonly ipv4: string | undefined; readonly ipv6: string | undefined };
  /** Addresses to tell: others than those bound when the machine is behind a NAT. */
  readonly shown: RelayAddresses;
  readonly range: PortRange;
}

/** A random port is taken now and then; a full range is noticed after so many. */
const MAX_TRIES = 40;

/** Opens relay ports. */
export class UdpRelayPorts implements RelayPorts {
  readonly families: readonly AddressFamily[];
  readonly #options: UdpRelayPortsOptions;

  /** @throws {RangeError} when the range is no range of ports. */
  constructor(options: UdpRelayPortsOptions) {
    const { min, max } = options.range;
    const arePorts = Number.isInteger(min) && Number.isInteger(max) && min > 0 && max < 65_536;
    if (!arePorts || min > max) throw new RangeError(`${min}-${max} is not a range of ports.`);
    this.#options = options;
    this.families = ([4, 6] as const).filter((family) => this.#hostOf(family) !== undefined);
  }

  async open({ family, parity, receiver }: RelayPortRequest): Promise<RelayPort> {
    let failure: unknown = new RangeError('No relay port is free.');
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      const port = this.#choosePort(parity);
      if (port === undefined) break;
      try {
        if (parity === 'even-with-next') return await this.#openPair(family, port, receiver);
        return this.#relayPort(await this.#bind(family, port, receiver), undefined);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  async #openPair(
    family: AddressFamily,
    port: number,
    receiver: PacketReceiver,
  ): Promise<RelayPort> {
    const socket = await this.#bind(family, port, receiver);
    try {
      const next = await this.#bind(family, port + 1, receiver);
      return this.#relayPort(socket, this.#relayPort(next, undefined));
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  /** A random port of the wanted parity, or `undefined` when the range has none. */
  #choosePort(parity: RelayPortRequest['parity']): number | undefined {
    const { min, max } = this.#options.range;
    if (parity === 'any') return randomInt(min, max + 1);
    const first = Math.ceil(min / 2);
    const last = Math.floor((parity === 'even' ? max : max - 1) / 2);
    return last < first ? undefined : randomInt(first, last + 1) * 2;
  }

  #bind(family: AddressFamily, port: number, receiver: PacketReceiver): Promise<PacketSocket> {
    const host = this.#hostOf(family) ?? '';
    return this.#options.backend.bind({ family, host, port, receiver });
  }

  #relayPort(socket: PacketSocket, next: RelayPort | undefined): RelayPort {
    const address = emptyAddress();
    copyAddress(address, this.#shownOf(socket.local));
    address.port = socket.local.port;
    return { socket, address, next };
  }

  #shownOf(local: TransportAddress): TransportAddress {
    const { ipv4, ipv6 } = this.#options.shown;
    return (local.family === 4 ? ipv4 : ipv6) ?? local;
  }

  /** A family that cannot be told to anybody is not offered either. */
  #hostOf(family: AddressFamily): string | undefined {
    const { bindTo, shown } = this.#options;
    if (family === 4) return shown.ipv4 && bindTo.ipv4;
    return shown.ipv6 && bindTo.ipv6;
  }
}
