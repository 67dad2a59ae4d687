/**
 * The engine on real sockets: UDP over IPv4 and IPv6 on one port number, and the TCP and TLS
 * connections its owner hands over.
 * @module
 */
import type { Socket } from 'node:net';
import type { Credentials } from './auth/credentials.ts';
import { mintRestCredentials, RestCredentials } from './auth/rest-credentials.ts';
import type { RestCredential } from './auth/rest-credentials.ts';
import { roomTag } from './auth/rest-username.ts';
import { bindDualStack } from './bind-dual-stack.ts';
import { systemClock } from './engine/clock.ts';
import { emptyTurnCounters } from './engine/counters.ts';
import type { TurnCounters } from './engine/counters.ts';
import type { VirtualPorts } from './engine/hairpin-relay.ts';
import type { Logger } from './engine/logger.ts';
import type { Neighbours } from './engine/neighbour.ts';
import type { PacketSocket, UdpBackend } from './engine/packet-socket.ts';
import type { RelayLimits } from './engine/relay-limits.ts';
import { TurnEngine } from './engine/turn-engine.ts';
import type { RelaySetup } from './engine/turn-engine.ts';
import { PeerGate } from './policy/peer-gate.ts';
import { chooseRelayAddresses, interfaceAddresses } from './relay/relay-addresses.ts';
import { DEFAULT_RELAY_PORTS, UdpRelayPorts } from './relay/udp-relay-ports.ts';
import type { PortRange } from './relay/udp-relay-ports.ts';
import { attachSocket } from './transport/stream/attach-socket.ts';
import { StreamHost } from './transport/stream/stream-host.ts';
import { emptyTransportCounters } from './transport/transport-counters.ts';
import type { TransportCounters } from './transport/transport-counters.ts';
import { createUdpBackend } from './transport/udp-backend.ts';
import type { FindLibc, UdpBackendChoice } from './transport/udp-backend.ts';

/** `off`: STUN only. `hairpin`: between callers of one room, inside the process. `open`: to peers anywhere. */
export type RelayKind = 'off' | 'hairpin' | 'open';

/** How a {@link TurnServer} behaves. */
export interface TurnServerOptions {
  /** @default 'hairpin' when there are secrets or credentials, else 'off' */
  readonly relay?: RelayKind;
  /** Secrets of TURN REST credentials: the newest first, the others still accepted. */
  readonly secrets?: readonly string[];
  /** Who may use the relay, in place of `secrets`. */
  readonly credentials?: Credentials;
  /** Sent to clients with every challenge: keep it short. @default 'parley' */
  readonly realm?: string;
  /** Public IP addresses, one of each family at most. @default what this machine knows of itself */
  readonly relayAddresses?: readonly string[];
  /** Open mode: ports to relay from. @default 49152 to 65535 */
  readonly relayPorts?: PortRange;
  /** Open mode: blocks of addresses to let through although they are not public. @default none */
  readonly allowPeers?: readonly string[];
  /** Channels up to 0x7FFF, for clients older than RFC 8656. @default false */
  readonly legacyChannels?: boolean;
  /** Allocations outlive their credentials only while `admit` says so. @default false */
  readonly trackMembers?: boolean;
  /** How UDP is done. @default 'auto' */
  readonly udp?: UdpBackendChoice;
  /** Lets other servers of this machine listen on the same UDP port, to share its clients. @default false */
  readonly reusePort?: boolean;
  readonly limits?: Partial<RelayLimits>;
  readonly logger?: Logger;
}

/** Where to listen. */
export interface TurnListenOptions {
  /** A literal IP address. `::`, the empty text and absent mean all interfaces, IPv4 and IPv6. */
  readonly host?: string;
  /** 0 takes a free one. @default 3478 */
  readonly port?: number;
}

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Whom credentials are for. */
export interface CredentialRequest {
  /** Name of the room; it does not appear in the credentials. */
  readonly room: string;
  readonly peer: string;
  readonly lifetimeSeconds: number;
}

/** The port IANA gave to STUN and TURN. */
export const DEFAULT_TURN_PORT = 3478;

const DEFAULT_REALM = 'parley';
const TICK_MS = 1000;

/** Everything that exists while a server listens. */
interface Running {
  readonly address: ListenAddress;
  readonly engine: TurnEngine;
  readonly sockets: readonly PacketSocket[];
  readonly streams: StreamHost;
  readonly ticker: NodeJS.Timeout;
}

/** What a server shares with others on the same port. */
export interface ServerTeam {
  readonly neighbours: Neighbours;
  readonly nonceKey: Buffer;
  /** Of virtual relayed addresses: no other server of the team hands them out. */
  readonly ports: VirtualPorts;
}

/** What a server in a thread is given besides its options. */
export interface ServerInside {
  /** Threads that share a port. @default none */
  readonly team?: ServerTeam | undefined;
  /** How system calls are found. @default those of this machine */
  readonly findLibc?: FindLibc;
}

/** The parts of a listening server, for those that run it in a thread. */
export type ServerParts = Pick<Running, 'sockets' | 'streams'> & Pick<TurnEngine, 'allocations'>;

/** A STUN and TURN server. */
export class TurnServer {
  readonly #options: TurnServerOptions;
  readonly #team: ServerTeam | undefined;
  readonly #findLibc: FindLibc | undefined;
  readonly #credentials: Credentials | undefined;
  readonly #transportCounters: TransportCounters = emptyTransportCounters();
  #running: Running | undefined;
  #starting: Promise<Running> | undefined;

  /**
   * @param inside internal: of a server in a thread
   * @throws {RangeError} when options contradict each other.
   */
  constructor(options: TurnServerOptions = {}, { team, findLibc }: ServerInside = {}) {
    this.#options = options;
    this.#team = team;
    this.#findLibc = findLibc;
    const { secrets = [], realm = DEFAULT_REALM } = options;
    const fromSecrets = secrets.length > 0 ? new RestCredentials({ realm, secrets }) : undefined;
    this.#credentials = options.credentials ?? fromSecrets;
    if (this.relay !== 'off' && this.#credentials === undefined) {
      throw new RangeError(`relay "${this.relay}" needs secrets or credentials`);
    }
  }

  /** What kind of relay this is. */
  get relay(): RelayKind {
    return this.#options.relay ?? (this.#credentials === undefined ? 'off' : 'hairpin');
  }

  /** Where it listens, with the real port; `undefined` before `listen` and after `close`. */
  get address(): ListenAddress | undefined {
    return this.#running?.address;
  }

  /** Totals since `listen`. */
  get counters(): TurnCounters {
    return this.#running?.engine.counters ?? emptyTurnCounters();
  }

  /** What the sockets had to drop, since the server was created. */
  get transportCounters(): Readonly<TransportCounters> {
    return this.#transportCounters;
  }

  /** Internal: what it is made of. @throws before `listen` */
  get parts(): ServerParts {
    if (this.#running === undefined) throw new TypeError('This TurnServer does not listen.');
    const { sockets, streams, engine } = this.#running;
    return { sockets, streams, allocations: engine.allocations };
  }

  /**
   * Binds the sockets.
   * @throws {RangeError} when `host` or an option is no address, range or block.
   * @throws the system's own error with its `code` (`EADDRINUSE`, `EACCES`...); nothing stays bound.
   */
  async listen(options: TurnListenOptions = {}): Promise<ListenAddress> {
    if (this.#running !== undefined || this.#starting !== undefined) {
      throw new TypeError('This TurnServer listens already.');
    }
    const { host = '', port = DEFAULT_TURN_PORT } = options;
    this.#starting = this.#start(host, port);
    try {
      this.#running = await this.#starting;
      return this.#running.address;
    } finally {
      this.#starting = undefined;
    }
  }

  /** Serves a TCP or TLS connection whose next bytes are STUN or ChannelData. */
  handleConnection(socket: Socket, transport: 'tcp' | 'tls'): void {
    if (this.#running === undefined) socket.destroy();
    else {
      const { streams: host } = this.#running;
      attachSocket(socket, transport, { host, counters: this.#transportCounters });
    }
  }

  /** Credentials for a peer, under the first secret. @throws {TypeError} when there is none. */
  createCredentials({ room, peer, lifetimeSeconds }: CredentialRequest): RestCredential {
    const [secret] = this.#options.secrets ?? [];
    if (secret === undefined) throw new TypeError('This TurnServer has no secret.');
    const expiresAtSeconds = systemClock.unixSeconds() + lifetimeSeconds;
    return mintRestCredentials({ secret, room, peer, expiresAtSeconds });
  }

  /** `peer` is in the room of this name: its allocations may outlive its credentials. */
  admit(room: string, peer: string): void {
    this.#running?.engine.admit(roomTag(room), peer);
  }

  /** `peer` is out of the room: its allocations end now, and its credentials are worth nothing. */
  revoke(room: string, peer: string): void {
    this.#running?.engine.revoke(roomTag(room), peer);
  }

  /**
   * Frees the sockets and everything the engine holds, before it returns: a thread that exits has no
   * later turn. One that is just being started is closed once it has started. Idempotent.
   */
  close(): Promise<void> {
    this.#stop();
    return (
      this.#starting?.then(
        () => this.#stop(),
        () => undefined,
      ) ?? Promise.resolve()
    );
  }

  #stop(): void {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined) return;
    clearInterval(running.ticker);
    running.engine.close();
    running.streams.close();
    for (const socket of running.sockets) socket.close();
  }

  async #start(host: string, port: number): Promise<Running> {
    const { limits, logger, udp = 'auto', reusePort = false } = this.#options;
    const counters = this.#transportCounters;
    const backend = await createUdpBackend({ backend: udp, counters }, this.#findLibc);
    const relay = this.#setUpRelay(backend, host);
    const engine = new TurnEngine({
      ...(relay && { relay }),
      ...(limits && { limits }),
      ...(logger && { logger }),
      ...(this.#team && { neighbours: this.#team.neighbours }),
    });
    const sockets = await bindDualStack({ backend, receiver: engine, host, port, reusePort });
    const bound = sockets[0]?.local.port ?? port;
    return {
      address: { host: host === '' ? '::' : host, port: bound },
      engine,
      sockets,
      streams: new StreamHost({
        receiver: engine,
        counters,
        isInUse: (connection) => engine.allocations.clientsOf(connection).length > 0,
      }),
      ticker: setInterval(() => engine.tick(), TICK_MS).unref(),
    };
  }

  #setUpRelay(backend: UdpBackend, host: string): RelaySetup | undefined {
    const credentials = this.#credentials;
    if (this.relay === 'off' || credentials === undefined) return undefined;
    const { legacyChannels = false, trackMembers = false } = this.#options;
    return {
      credentials,
      legacyChannels,
      membership: { tracked: trackMembers },
      mode: this.#chooseMode(backend, host),
      ...(this.#team && { nonceKey: this.#team.nonceKey }),
    };
  }

  #chooseMode(backend: UdpBackend, host: string): RelaySetup['mode'] {
    const { relayAddresses = [], relayPorts: range = DEFAULT_RELAY_PORTS } = this.#options;
    const shown = chooseRelayAddresses({ named: relayAddresses, host });
    if (this.relay === 'hairpin') {
      return { name: 'hairpin', ips: shown, ...(this.#team && { ports: this.#team.ports }) };
    }
    const isEverywhere = host === '' || host === '::';
    const bindTo = {
      ipv4: isEverywhere ? '0.0.0.0' : literal(host, 4),
      ipv6: isEverywhere ? '::' : literal(host, 6),
    };
    const ownAddresses = [...interfaceAddresses(), ...relayAddresses];
    const gate = new PeerGate({ allowPeers: this.#options.allowPeers ?? [], ownAddresses });
    const ports = new UdpRelayPorts({ backend, bindTo, shown, range });
    return { name: 'open', ports, gate };
  }
}

function literal(host: string, version: 4 | 6): string | undefined {
  return host.includes(':') === (version === 6) ? host : undefined;
}
