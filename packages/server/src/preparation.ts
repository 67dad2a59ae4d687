/**
 * What somebody may have before a join: a place that is held for them, credentials of the relays, a look inside.
 * On a server that asks for access tokens they show one here as well. Rules: docs/SPEC-signaling.md, SIG-70 to
 * SIG-73, SIG-85 to SIG-86 and TOKEN-13.
 * @module
 */
import { decodePrepare } from '@parley/protocol';
import type { Inside, Prepared, PrepareMessage, Refused, RoomName } from '@parley/protocol';
import type { AccessTokens } from './access/access-tokens.ts';
import { HeldPlace } from './held-places.ts';
import type { HeldPlaces, Place } from './held-places.ts';
import type { MemberSocket } from './membership/membership.ts';
import type { Memberships } from './membership/memberships.ts';
import type { ClientIceServers } from './relay/admissions.ts';

/** What preparing works with. */
export interface PreparationOptions {
  readonly memberships: Memberships;
  readonly socket: MemberSocket;
  readonly iceServers: ClientIceServers;
  readonly places: HeldPlaces;
  /** Stands for where the client comes from. */
  readonly address: string;
  /** Absent: nobody is asked for an access token. */
  readonly access: AccessTokens | undefined;
  /** Whether the client is in a room by now. */
  readonly isInside: () => boolean;
  /** A signature is about to be looked at. */
  readonly charge: () => void;
}

/** Of one connection. Its owner must `close` it. */
export class Preparation {
  readonly held: HeldPlace;
  readonly #options: PreparationOptions;
  /** The newest one that waits for its token to be looked at. */
  #newest: object | undefined;
  #isClosed = false;

  constructor(options: PreparationOptions) {
    const { places, memberships } = options;
    this.#options = options;
    this.held = new HeldPlace({ places, open: (room) => memberships.openPlace(room, options) });
  }

  /** Takes a `prepare` as it came. */
  answer(request: unknown): Prepared | Refused | Promise<Prepared | Refused> {
    const message = decodePrepare(request);
    if (!message.ok) return message;
    const { room, token } = message;
    const { access, charge } = this.#options;
    this.#newest = undefined;
    const needsNone = token === undefined && access?.isRequired !== true;
    if (access === undefined || needsNone || room === undefined) return this.#prepare(message);
    charge();
    return this.#whenChecked(access.check(token, room), message);
  }

  /** What was held is given up. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#newest = undefined;
    this.held.drop();
  }

  /** Whoever has asked for something else meanwhile, or is gone, gets no place. */
  async #whenChecked(
    checking: ReturnType<AccessTokens['check']>,
    message: PrepareMessage,
  ): Promise<Prepared | Refused> {
    const newest = {};
    this.#newest = newest;
    const checked = await checking;
    if (!checked.ok) return checked;
    const isOvertaken = this.#isClosed || this.#newest !== newest;
    return isOvertaken ? this.#reply(undefined) : this.#prepare(message);
  }

  #prepare({ room, look }: PrepareMessage): Prepared {
    const place = this.#placeFor(room, look);
    const { memberships, address } = this.#options;
    const inside = look && place ? memberships.peephole.look(place.room, address) : undefined;
    return this.#reply(place, inside);
  }

  #reply(place: Place | undefined, inside?: Inside): Prepared {
    const iceServers = place?.admission.iceServers ?? this.#options.iceServers.open;
    return { ok: true, iceServers, ...(inside !== undefined && { inside }) };
  }

  /** One that is held already is kept for who only looks. */
  #placeFor(room: RoomName | undefined, look: boolean): Place | undefined {
    const kept = look && room ? this.held.placeIn(room) : undefined;
    if (kept !== undefined) return kept;
    this.held.drop();
    return !this.#options.isInside() && room ? this.held.hold(room) : undefined;
  }
}
