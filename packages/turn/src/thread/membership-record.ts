/**
 * Who was let in and who was thrown out, to be told to a relay thread that has to start anew.
 * @module
 */

/** Beyond this the oldest removal is forgotten. */
const MAX_REVOKED = 10_000;

/** Takes one fact. */
export type TellMember = (type: 'admit' | 'revoke', room: string, peer: string) => void;

interface Member {
  readonly room: string;
  readonly peer: string;
}

/** Peers by room and id. */
export class MembershipRecord {
  readonly #present = new Map<string, Member>();
  readonly #revoked = new Map<string, Member>();

  admit(room: string, peer: string): void {
    const key = keyOf(room, peer);
    this.#revoked.delete(key);
    this.#present.set(key, { room, peer });
  }

  revoke(room: string, peer: string): void {
    const key = keyOf(room, peer);
    this.#present.delete(key);
    this.#revoked.delete(key);
    this.#revoked.set(key, { room, peer });
    for (const oldest of this.#revoked.keys()) {
      if (this.#revoked.size <= MAX_REVOKED) break;
      this.#revoked.delete(oldest);
    }
  }

  /** Tells everything that still holds. */
  replay(tell: TellMember): void {
    for (const { room, peer } of this.#present.values()) tell('admit', room, peer);
    for (const { room, peer } of this.#revoked.values()) tell('revoke', room, peer);
  }
}

/** Peer ids hold no line feed. */
function keyOf(room: string, peer: string): string {
  return `${peer}\n${room}`;
}
