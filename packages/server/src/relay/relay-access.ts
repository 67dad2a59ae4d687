/**
 * What the rest of the server needs from the relay: who may use it, and what it has done so far.
 * @module
 */

/** One person's stay in one room, as the relay knows it. */
export interface RelayMember {
  /** Stands for the room; only members with the same key reach each other. */
  readonly room: string;
  readonly peer: string;
}

/** The door of the relay. */
export interface RelayAccess {
  /** From now on credentials of this member are accepted. */
  admit(member: RelayMember): void;
  /** From now on they are not, and what the member has allocated is gone. */
  revoke(member: RelayMember): void;
}
