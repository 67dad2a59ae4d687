/**
 * People who wait before doors until a host decides.
 * @module
 */
import type { PeerId, Refused, RoomName } from '@parley/protocol';
import type { Now } from '../clock.ts';
import { Attempts } from './attempts.ts';
import { KNOCK_WAITING, ROOM_FULL, TOO_MANY_TRIES } from './refusals.ts';
import type { RoomDoor } from './room-door.ts';
import type { Visitor } from './visitor.ts';

/** What knocking works with. */
export interface KnockingOptions {
  readonly isFull: (room: RoomName) => boolean;
  readonly mintPeerId: () => PeerId;
  readonly now: Now;
}

const KNOCKS_PER_ADDRESS = { burst: 60, perSecond: 0.5 };
/** People who wait before one door. */
const MAX_KNOCKS = 32;
/** Whoever was admitted comes in within this time. */
const ADMISSION_MS = 60_000;

/** See the module comment. */
export class Knocking {
  readonly #options: KnockingOptions;
  readonly #knocksOfAddress: Attempts;

  constructor(options: KnockingOptions) {
    this.#options = options;
    this.#knocksOfAddress = new Attempts(KNOCKS_PER_ADDRESS, options.now);
  }

  /** Why somebody cannot wait here; `undefined` when they may. */
  whyNot({ room, knocks }: RoomDoor, visitor: Visitor): Refused | undefined {
    if (visitor.knock?.room === room) return KNOCK_WAITING;
    if (this.#options.isFull(room) || knocks.size >= MAX_KNOCKS) return ROOM_FULL;
    return this.#knocksOfAddress.take(visitor.address) ? undefined : TOO_MANY_TRIES;
  }

  /** They wait from now on. */
  wait({ room, knocks }: RoomDoor, visitor: Visitor, name: string): void {
    const id = this.#options.mintPeerId();
    visitor.knock = { room, id };
    knocks.set(id, { peer: { id, name }, visitor });
  }

  /** A host has decided. False when nobody waits under this id. */
  answer(door: RoomDoor, id: PeerId, isWelcome: boolean): boolean {
    const visitor = door.knocks.get(id)?.visitor;
    if (visitor === undefined) return false;
    door.knocks.delete(id);
    visitor.knock = undefined;
    const untilMs = this.#options.now() + ADMISSION_MS;
    if (isWelcome) visitor.admission = { room: door.room, untilMs };
    else visitor.refusedBy = door.room;
    visitor.knocked(isWelcome ? 'admitted' : 'refused');
    return true;
  }

  admitAll(door: RoomDoor): void {
    for (const id of door.knocks.keys()) this.answer(door, id, true);
  }

  /** Whether a host has let them in, a moment ago. */
  isAdmitted({ admission }: Visitor, room: RoomName): boolean {
    return admission?.room === room && this.#options.now() < admission.untilMs;
  }
}
