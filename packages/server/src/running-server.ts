/**
 * A server that listens: what its owner can ask of it, and how it ends.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import { formatUrlHost } from './host-name.ts';
import { lanAddressOf, publicNameOf } from './https/open-certificate.ts';
import type { Membership } from './membership/membership.ts';
import type { Memberships } from './membership/memberships.ts';
import type { Nodes } from './nodes/nodes.ts';
import type { Operations } from './operations/operations.ts';
import type { OperatedServer } from './operations/operations.ts';
import type { PersonReport, RoomReport } from './operations/room-report.ts';
import type { HttpsParts } from './open-port.ts';
import type { ServerStats } from './server-stats.ts';
import type { BoundPort } from './one-port.ts';
import type { ResolvedServerOptions } from './options.ts';
import type { RelayMode } from './relay/relay-options.ts';
import type { RelayServer } from './relay/relay-server.ts';
import type { RoomRegistry } from './room-registry.ts';
import type { Signaling } from './signaling.ts';
import type { TcpFront } from './tcp-front.ts';

/** A running server. */
export interface ParleyServer {
  /** Where to open the page on this computer. */
  readonly url: string;
  /** Where everybody can open it; `undefined` unless an authority vouches for us. */
  readonly publicUrl: string | undefined;
  /** Where other devices of the same network open it; `undefined` without the option `lan`. */
  readonly lanUrl: string | undefined;
  /** TCP and UDP port of everything. */
  readonly port: number;
  /** True when the page is served by https. */
  readonly isSecure: boolean;
  /** True when somebody else speaks https in front. */
  readonly isBehindProxy: boolean;
  readonly relay: RelayMode;
  /** URLs of TURN servers of somebody else that callers are told to use. */
  readonly externalTurn: readonly string[];
  /** False when there is no page to serve, only signaling and STUN. */
  readonly hasPage: boolean;
  readonly stats: ServerStats;
  /**
   * Sends a person out of their room: the others are told, and their relay stops at once.
   * False when nobody has this id.
   */
  remove(peer: PeerId): Promise<boolean>;
  /**
   * Lets nobody in from now on, and resolves when nobody is here any more, or after `patienceMs`. Up to
   * five seconds of patience newcomers get no answer, so that they ask the next server; beyond that,
   * `ERR_SERVER_DRAINING`. `onWait` is called when somebody is still here.
   */
  drain(patienceMs: number, onWait?: () => void): Promise<void>;
  /** Disconnects everybody and frees the port. Idempotent. */
  close(): Promise<void>;
}

/** Time for clients to take note of the goodbye when the server stops. */
const CLOSE_GRACE_MS = 1000;

/** What a server is running on. */
export interface RunningParts {
  readonly front: TcpFront;
  readonly bound: BoundPort<RelayServer>;
  readonly https: HttpsParts;
  readonly rooms: RoomRegistry<Membership>;
  readonly memberships: Memberships;
  readonly signaling: Signaling;
  readonly hasPage: boolean;
  readonly operations: Operations;
  readonly nodes: Nodes | undefined;
}

/** See the module comment. */
export class RunningServer implements ParleyServer, OperatedServer {
  readonly url: string;
  readonly publicUrl: string | undefined;
  readonly lanUrl: string | undefined;
  readonly port: number;
  readonly isSecure: boolean;
  readonly isBehindProxy: boolean;
  readonly relay: RelayMode;
  readonly externalTurn: readonly string[];
  readonly hasPage: boolean;
  readonly #parts: RunningParts;
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedServerOptions, parts: RunningParts) {
    const { host, port } = parts.bound;
    this.#parts = parts;
    this.isSecure = parts.https.certificate !== undefined;
    const scheme = this.isSecure ? 'https' : 'http';
    this.url = `${scheme}://${localName(host)}:${port}`;
    this.publicUrl = urlOf(scheme, publicNameOf(options), port);
    this.lanUrl = urlOf(scheme, lanAddressOf(options), port);
    this.isBehindProxy = options.behindProxy.length > 0;
    this.port = port;
    this.relay = options.relay;
    this.externalTurn = options.externalTurn;
    this.hasPage = parts.hasPage;
  }

  get stats(): ServerStats {
    const { signaling, rooms, bound, nodes } = this.#parts;
    return {
      connections: signaling.connectionCount,
      rooms: rooms.roomCount,
      peers: rooms.memberCount,
      relay: bound.udp.stats,
      nodes: nodes?.status,
    };
  }

  get peopleHere(): number {
    return Array.from(this.#parts.rooms.everybody()).filter((member) => member.isConnected).length;
  }

  async reportRooms(): Promise<readonly RoomReport[]> {
    return (await this.#parts.nodes?.reportRooms()) ?? this.reportOwnRooms();
  }

  /** Those whose home is this node. */
  reportOwnRooms(): readonly RoomReport[] {
    const rooms = new Map<string, PersonReport[]>();
    for (const { roomName, peer } of this.#parts.rooms.everybody()) {
      const people = rooms.get(roomName) ?? [];
      people.push({ id: peer.id, name: peer.name });
      rooms.set(roomName, people);
    }
    return Array.from(rooms, ([name, people]) => ({ name, people }));
  }

  drain(patienceMs: number, onWait?: () => void): Promise<void> {
    return this.#parts.operations.drain.finish(patienceMs, onWait);
  }

  async remove(peer: PeerId): Promise<boolean> {
    return (await this.#parts.nodes?.remove(peer)) ?? this.removeHere(peer);
  }

  /** The same for somebody whose room has its home here. */
  removeHere(peer: PeerId): boolean {
    const { rooms, memberships } = this.#parts;
    const member = rooms.find(peer);
    if (member !== undefined) memberships.end(member, 'removed');
    return member !== undefined;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { signaling, memberships, front, bound, https, nodes } = this.#parts;
    https.certificate?.close();
    this.#parts.operations.close();
    await nodes?.close();
    const grace = setTimeout(() => front.destroyAll(), CLOSE_GRACE_MS);
    await signaling.close();
    memberships.close();
    await Promise.all([bound.udp.close(), front.close(), https.plainPort?.close()]);
    clearTimeout(grace);
  }
}

function urlOf(scheme: string, host: string | undefined, port: number): string | undefined {
  if (host === undefined) return undefined;
  // Leaves out the port where it is the usual one.
  return new URL(`${scheme}://${formatUrlHost(host)}:${port}`).origin;
}

function localName(host: string): string {
  return host === '::' || host === '0.0.0.0' ? 'localhost' : formatUrlHost(host);
}
