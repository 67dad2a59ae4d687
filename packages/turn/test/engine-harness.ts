/**
 * An engine with everything around it faked: clock, sockets, relay ports, log.
 * @module
 */
import { StaticCredentials } from '../src/auth/static-credentials.ts';
import type { Clock } from '../src/engine/clock.ts';
import type { VirtualPorts } from '../src/engine/hairpin-relay.ts';
import type { LogFields, Logger } from '../src/engine/logger.ts';
import type { Neighbours } from '../src/engine/neighbour.ts';
import type { PacketTransport } from '../src/engine/packet-socket.ts';
import type { RelayLimits } from '../src/engine/relay-limits.ts';
import type { RelayPort, RelayPortRequest, RelayPorts } from '../src/engine/relay-ports.ts';
import { TurnEngine } from '../src/engine/turn-engine.ts';
import type { RelaySetup, TurnEngineOptions } from '../src/engine/turn-engine.ts';
import { PeerGate } from '../src/policy/peer-gate.ts';
import { parseAddress } from '../src/wire/address-text.ts';
import type { AddressFamily, TransportAddress } from '../src/wire/transport-address.ts';
import { FakeSocket } from './fake-socket.ts';
import { TurnTestClient } from './turn-test-client.ts';

export const REALM = 'parley';
/** Where relayed addresses are, of either mode. */
export const RELAY_IPV4 = '198.51.100.9';
export const RELAY_IPV6 = '2001:db8:9::9';

/** The address of a text that is known to be one. */
export function addressOf(ip: string, port: number): TransportAddress {
  const address = parseAddress(ip, port);
  if (address === undefined) throw new TypeError(`not an address: ${ip}`);
  return address;
}

/** A clock that stands still until it is moved. */
export class HarnessClock implements Clock {
  #nowMs = 1_000_000;

  monotonicMs(): number {
    return this.#nowMs;
  }

  unixSeconds(): number {
    return 1_800_000_000 + Math.trunc(this.#nowMs / 1000);
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}

/** Relay ports without a network. Remembers every socket that was opened. */
export class FakeRelayPorts implements RelayPorts {
  readonly families: readonly AddressFamily[];
  readonly opened: FakeSocket[] = [];
  /** What `open` rejects with, if anything. */
  failure: Error | undefined;
  #nextPort = 50_001;

  constructor(families: readonly AddressFamily[] = [4, 6]) {
    this.families = families;
  }

  /** Sockets that nobody has closed. */
  get live(): readonly FakeSocket[] {
    return this.opened.filter((socket) => !socket.isClosed);
  }

  /** The open socket behind a relayed address. */
  socketAt(port: number): FakeSocket {
    const socket = this.live.find((candidate) => candidate.local.port === port);
    if (socket === undefined) throw new TypeError(`no relay socket at port ${port}`);
    return socket;
  }

  open(request: RelayPortRequest): Promise<RelayPort> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    if (request.parity !== 'any') this.#nextPort += this.#nextPort % 2;
    const next = request.parity === 'even-with-next' ? 1 : 0;
    const port = this.#openOne(request);
    return Promise.resolve(next === 0 ? port : { ...port, next: this.#openOne(request) });
  }

  #openOne({ family, receiver }: RelayPortRequest): RelayPort {
    const ip = family === 4 ? RELAY_IPV4 : RELAY_IPV6;
    const socket = new FakeSocket(receiver, 'udp', ip);
    socket.local.port = this.#nextPort;
    this.#nextPort += 1;
    this.opened.push(socket);
    return { socket, address: addressOf(ip, socket.local.port), next: undefined };
  }
}

/** One line of the log. */
export interface LoggedLine {
  readonly message: string;
  readonly fields: LogFields;
}

/** What to vary. */
export interface HarnessOptions {
  readonly mode?: 'hairpin' | 'open';
  readonly limits?: Partial<RelayLimits>;
  readonly relay?: Partial<RelaySetup>;
  readonly allowPeers?: readonly string[];
  readonly ports?: FakeRelayPorts;
  readonly hasIpv6?: boolean;
  /** Of hairpin mode. */
  readonly virtualPorts?: VirtualPorts;
  readonly neighbours?: Neighbours;
}

const USERS = ['a', 'b', 'c'].flatMap((peer) =>
  ['red', 'blue'].map((room) => ({ username: `${room}-${peer}`, password: `${peer}-pass`, room })),
);

/** The engine under test and its surroundings. */
export class EngineHarness {
  readonly clock = new HarnessClock();
  readonly log: LoggedLine[] = [];
  readonly ports: FakeRelayPorts;
  readonly engine: TurnEngine;
  readonly udp: FakeSocket;
  #lastHost = 0;

  constructor(options: HarnessOptions = {}) {
    this.ports = options.ports ?? new FakeRelayPorts();
    this.engine = new TurnEngine({
      clock: this.clock,
      logger: this.#logger(),
      limits: { ...options.limits },
      ...(options.neighbours && { neighbours: options.neighbours }),
      relay: {
        credentials: new StaticCredentials(REALM, USERS),
        mode: this.#mode(options),
        ...options.relay,
      },
    } satisfies TurnEngineOptions);
    this.udp = new FakeSocket(this.engine);
  }

  /** A client at an address of its own. `user` is `room-peer`, one of red, blue and a, b, c. */
  client(user: string, options: { ip?: string; transport?: PacketTransport } = {}): TurnTestClient {
    this.#lastHost += 1;
    const { ip = `203.0.113.${this.#lastHost}`, transport = 'udp' } = options;
    const socket = transport === 'udp' ? this.udp : new FakeSocket(this.engine, transport);
    return new TurnTestClient({
      socket,
      address: addressOf(ip, 40_000 + this.#lastHost),
      realm: REALM,
      username: user,
      password: `${user.split('-')[1] ?? ''}-pass`,
    });
  }

  /** Moves the time and lets the engine notice. */
  advance(ms: number): void {
    this.clock.advance(ms);
    this.engine.tick();
  }

  #mode(options: HarnessOptions): RelaySetup['mode'] {
    const { mode = 'hairpin', allowPeers = [], hasIpv6 = true, virtualPorts } = options;
    if (mode === 'open') {
      const gate = new PeerGate({ allowPeers, ownAddresses: [RELAY_IPV4, RELAY_IPV6] });
      return { name: 'open', ports: this.ports, gate };
    }
    const ipv6 = hasIpv6 ? addressOf(RELAY_IPV6, 0) : undefined;
    const ips = { ipv4: addressOf(RELAY_IPV4, 0), ipv6 };
    return { name: 'hairpin', ips, ...(virtualPorts && { ports: virtualPorts }) };
  }

  #logger(): Logger {
    const note = (message: string, fields: LogFields = {}): void => {
      this.log.push({ message, fields });
    };
    return { debug: note, info: note, warn: note, error: note };
  }
}
