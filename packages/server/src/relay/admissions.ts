/**
 * Who is told which ICE servers, when: without credentials before a room is joined, with fresh ones
 * at the join and again before they end, and nothing is left behind when the person goes.
 * Rules: docs/SPEC-signaling.md, SIG-40 to SIG-46.
 * @module
 */
import type { IceServer, PeerId } from '@parley/protocol';
import type { Clock, Timer } from '../clock.ts';
import { nameIceServers, relayRoom } from './ice-servers.ts';
import type { IceServerPlan } from './ice-servers.ts';
import type { RelayAccess, RelayMember } from './relay-access.ts';

/** What admissions are made of. */
export interface AdmissionsOptions {
  readonly plan: IceServerPlan;
  /** Absent: there is no relay of our own. */
  readonly relay: RelayAccess | undefined;
  readonly ttlSeconds: number;
  readonly clock: Clock;
}

/** Somebody who enters a room. */
export interface Newcomer {
  readonly room: string;
  readonly peer: PeerId;
  /** Called with the whole list each time its credentials are renewed. */
  readonly renewed: (iceServers: readonly IceServer[]) => void;
}

/** One stay in one room. Its owner must `end` it. */
export interface Admission {
  /** The newest list. */
  readonly iceServers: readonly IceServer[];
  /** Called with the whole list each time its credentials are renewed. The owner may replace it. */
  renewed: (iceServers: readonly IceServer[]) => void;
  /** Makes fresh ones now, for a client that reaches us under the name `host` from here on. */
  renew(host: string): readonly IceServer[];
  /** Idempotent. */
  end(): void;
}

/** The ICE servers of one connected client. */
export interface ClientIceServers {
  /** The name under which the client reaches us. */
  readonly host: string;
  /** Those that need no credentials of ours. */
  readonly open: readonly IceServer[];
  admit(newcomer: Newcomer): Admission;
}

/** Credentials are renewed when this part of their time is over: late enough to be rare, early enough for a slow network. */
const RENEWAL_POINT: number = 2 / 3;

/** Hands out ICE servers for one server. */
export class Admissions {
  readonly #options: AdmissionsOptions;

  constructor(options: AdmissionsOptions) {
    this.#options = options;
  }

  /** For a client that has reached us under the name `host`. */
  forClient(host: string): ClientIceServers {
    const { plan } = this.#options;
    return {
      host,
      open: nameIceServers(plan, host),
      admit: (newcomer) => this.#admit(host, newcomer),
    };
  }

  #admit(host: string, newcomer: Newcomer): Admission {
    const { plan } = this.#options;
    const room = relayRoom(plan, newcomer.room);
    if (room !== undefined) return new RelayAdmission(this.#options, { ...newcomer, room, host });
    const { renewed } = newcomer;
    const renew = (name: string): readonly IceServer[] => nameIceServers(plan, name);
    return { iceServers: renew(host), renewed, renew, end: () => {} };
  }
}

/** The stay of somebody who was given credentials. */
class RelayAdmission implements Admission {
  iceServers: readonly IceServer[];
  renewed: Newcomer['renewed'];
  readonly #options: AdmissionsOptions;
  readonly #stay: RelayMember;
  #host: string;
  #renewal: Timer | undefined;

  constructor(options: AdmissionsOptions, stay: Newcomer & { readonly host: string }) {
    this.#options = options;
    this.#stay = stay;
    this.#host = stay.host;
    this.renewed = stay.renewed;
    options.relay?.admit(stay);
    this.iceServers = this.#issue();
    this.#renewLater();
  }

  renew(host: string): readonly IceServer[] {
    this.#host = host;
    this.iceServers = this.#issue();
    if (this.#renewal !== undefined) {
      this.#options.clock.clearTimeout(this.#renewal);
      this.#renewLater();
    }
    return this.iceServers;
  }

  end(): void {
    if (this.#renewal === undefined) return;
    const { clock, relay } = this.#options;
    clock.clearTimeout(this.#renewal);
    this.#renewal = undefined;
    relay?.revoke(this.#stay);
  }

  #issue(): readonly IceServer[] {
    const { plan, clock, ttlSeconds } = this.#options;
    const { room, peer } = this.#stay;
    const expiresAtSeconds = clock.unixSeconds() + ttlSeconds;
    return nameIceServers(plan, this.#host, { room, peer, expiresAtSeconds });
  }

  #renewLater(): void {
    const { clock, ttlSeconds } = this.#options;
    this.#renewal = clock.setTimeout(
      () => {
        this.#renewLater();
        this.iceServers = this.#issue();
        this.renewed(this.iceServers);
      },
      ttlSeconds * RENEWAL_POINT * 1000,
    );
  }
}
