/**
 * Places in rooms that are held for people who are about to join, so that their browsers can find
 * out beforehand how to be reached. Nobody inside is told, and no seat is taken.
 * Rules: docs/SPEC-signaling.md, SIG-70 to SIG-73.
 * @module
 */
import type { PeerId, RoomName } from '@parley/protocol';
import type { Admission } from './relay/admissions.ts';

/** What a join to this room will find done already. */
export interface Place {
  readonly room: RoomName;
  readonly peer: PeerId;
  readonly admission: Admission;
}

/** Counts the places that are held in each room of a server. */
export class HeldPlaces {
  readonly #maxPerRoom: number;
  readonly #counts = new Map<RoomName, number>();

  constructor(maxPerRoom: number) {
    this.#maxPerRoom = maxPerRoom;
  }

  /** Rooms in which places are held. */
  get roomCount(): number {
    return this.#counts.size;
  }

  /** False when the room has no more of them. Every place that was taken must be released. */
  take(room: RoomName): boolean {
    const count = this.#counts.get(room) ?? 0;
    if (count >= this.#maxPerRoom) return false;
    this.#counts.set(room, count + 1);
    return true;
  }

  /** To be called once for each place. */
  release(room: RoomName): void {
    const count = (this.#counts.get(room) ?? 0) - 1;
    if (count > 0) this.#counts.set(room, count);
    else this.#counts.delete(room);
  }
}

/** What holding needs from the server around it. */
export interface HeldPlaceOptions {
  readonly places: HeldPlaces;
  /** Mints an id and asks the relay for it. */
  readonly open: (room: RoomName) => Place;
}

/** The one place that a connection may hold. Its owner must `drop` it. */
export class HeldPlace {
  readonly #options: HeldPlaceOptions;
  #place: Place | undefined;

  constructor(options: HeldPlaceOptions) {
    this.#options = options;
  }

  /** Holds a place in this room and no other; `undefined` when the room has too many of them. */
  hold(room: RoomName): Place | undefined {
    this.drop();
    if (this.#options.places.take(room)) this.#place = this.#options.open(room);
    return this.#place;
  }

  /** The place that is held in this room. */
  placeIn(room: RoomName): Place | undefined {
    return this.#place?.room === room ? this.#place : undefined;
  }

  /** Somebody takes the place, and from now on owns its admission. One in another room is dropped. */
  claim(room: RoomName): Place | undefined {
    const place = this.placeIn(room);
    if (place === undefined) {
      this.drop();
    } else {
      this.#options.places.release(room);
      this.#place = undefined;
    }
    return place;
  }

  /** Nobody is going to come. Idempotent. */
  drop(): void {
    if (this.#place === undefined) return;
    this.#options.places.release(this.#place.room);
    this.#place.admission.end();
    this.#place = undefined;
  }
}
