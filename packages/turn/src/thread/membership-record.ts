/**
 * Who was let in and who was thrown out, to be told to a relay thread that has to start anew.
 * @module
 */
import type { MemberChange } from './thread-messages.ts';

/** Beyond this the oldest removal is forgotten. */
const MAX_REVOKED = 10_000;

interface Member {
  readonly room: string;
  readonly peer: string;
}

/** Peers by room and id. */
export class MembershipRecord {
  readonly #present = new Map<string, Member>();
  readonly #revoked = new Map<string, Member>();

  /** @returns whether the peer had been thrown out */
  admit(room: string, peer: string): boolean {
    const key = keyOf(room, peer);
    this.#present.set(key, { room, peer });
    return this.#revoked.delete(key);
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

  /** Everything that still holds. */
  all(): readonly MemberChange[] {
    const present = [...this.#present.values()].map(({ room, peer }): MemberChange => {
      return { type: 'admit', room, peer };
    });
    const revoked = [...this.#revoked.values()].map(({ room, peer }): MemberChange => {
      return { type: 'revoke', room, peer };
    });
    return [...present, ...revoked];
  }
}

/** Peer ids hold no line feed. */
function keyOf(room: string, peer: string): string {
  return `${peer}\n${room}`;
}
