/**
 * Who is in which room, as far as the relay has been told. A credential says who somebody was when
 * it was handed out; this says who may still use it.
 * @module
 */

/** How long a removed peer is remembered: longer than any credential lives. */
const DEFAULT_REVOCATION_SECONDS = 24 * 3600;
/** Beyond this the oldest removal is forgotten. */
const MAX_REVOKED = 100_000;

/** What a {@link Membership} knows. */
export interface MembershipOptions {
  /**
   * True: the owner tells who comes and who goes, and only those who are in a room keep their
   * allocations when their credentials expire. False: everybody does, until they are removed.
   * @default false
   */
  readonly tracked?: boolean;
  /** @default 24 hours */
  readonly revocationSeconds?: number;
}

/** Peers by room tag and peer id. */
export class Membership {
  readonly #tracked: boolean;
  readonly #revocationSeconds: number;
  readonly #present = new Set<string>();
  /** When each removal may be forgotten, oldest first. */
  readonly #revokedUntil = new Map<string, number>();

  constructor(options: MembershipOptions = {}) {
    this.#tracked = options.tracked ?? false;
    this.#revocationSeconds = options.revocationSeconds ?? DEFAULT_REVOCATION_SECONDS;
  }

  /** This peer is in this room. */
  admit(room: string, peer: string): void {
    const key = keyOf(room, peer);
    this.#revokedUntil.delete(key);
    if (this.#tracked) this.#present.add(key);
  }

  /** This peer is out, and its credentials are worth nothing from now on. */
  revoke(room: string, peer: string, unixSeconds: number): void {
    const key = keyOf(room, peer);
    this.#present.delete(key);
    this.#revokedUntil.delete(key);
    this.#revokedUntil.set(key, unixSeconds + this.#revocationSeconds);
    for (const oldest of this.#revokedUntil.keys()) {
      if (this.#revokedUntil.size <= MAX_REVOKED) break;
      this.#revokedUntil.delete(oldest);
    }
  }

  /** True when the peer was removed and has not been admitted again. */
  isRevoked(room: string, peer: string): boolean {
    return this.#revokedUntil.has(keyOf(room, peer));
  }

  /** True when allocations of this peer outlive its credentials. */
  mayOutliveCredentials(room: string, peer: string): boolean {
    const key = keyOf(room, peer);
    if (this.#revokedUntil.has(key)) return false;
    return !this.#tracked || this.#present.has(key);
  }

  /** Forgets removals that no credential can undo any more. */
  tick(unixSeconds: number): void {
    for (const [key, until] of this.#revokedUntil) {
      if (until > unixSeconds) return;
      this.#revokedUntil.delete(key);
    }
  }
}

/** Neither part can hold a line feed. */
function keyOf(room: string, peer: string): string {
  return `${room}\n${peer}`;
}
