/**
 * What an owner is told of rooms, and what nodes tell each other of theirs.
 * @module
 */

/** A room as the owner sees it. */
export interface RoomReport {
  readonly name: string;
  readonly people: readonly PersonReport[];
}

/** Somebody in it. */
export interface PersonReport {
  readonly id: string;
  readonly name: string | undefined;
}
