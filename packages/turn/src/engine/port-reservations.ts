/**
 * Ports kept for the second Allocate of a pair: RTCP goes to the port above RTP's.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-7.2
 * @module
 */
import { randomBytes } from 'node:crypto';
import { TOKEN_BYTES } from '../wire/port-reservation.ts';

/** At least 30 seconds, says the RFC; nobody needs more. */
const LIFETIME_MS = 30_000;
/** Reserving and letting go again must not use up the ports of a machine. */
const MAX_PER_PEER = 8;

/** Who may redeem a token. */
export interface ReservationOwner {
  readonly room: string;
  readonly peer: string;
}

interface Reservation<Port> extends ReservationOwner {
  readonly port: Port;
  readonly expiresAtMs: number;
}

/** Reserved ports of any kind. */
export class PortReservations<Port> {
  readonly #byToken = new Map<string, Reservation<Port>>();
  readonly #release: (port: Port) => void;

  /** @param release gets the ports nobody came for */
  constructor(release: (port: Port) => void) {
    this.#release = release;
  }

  /** Ports reserved now. */
  get size(): number {
    return this.#byToken.size;
  }

  /** True when this owner has as many as it may. */
  isFull(owner: ReservationOwner): boolean {
    const held = [...this.#byToken.values()].filter((one) => isOwner(one, owner));
    return held.length >= MAX_PER_PEER;
  }

  /** True for a port that is reserved, for whomever. */
  some(matches: (port: Port, room: string) => boolean): boolean {
    for (const { port, room } of this.#byToken.values()) if (matches(port, room)) return true;
    return false;
  }

  /** Keeps a port; returns its token. */
  add(port: Port, { room, peer }: ReservationOwner, nowMs: number): string {
    const token = randomBytes(TOKEN_BYTES).toString('hex');
    this.#byToken.set(token, { port, room, peer, expiresAtMs: nowMs + LIFETIME_MS });
    return token;
  }

  /** The port behind a token: once, in time, and for its owner only. */
  redeem(token: string, owner: ReservationOwner, nowMs: number): Port | undefined {
    const reservation = this.#byToken.get(token);
    if (reservation === undefined || !isOwner(reservation, owner)) return undefined;
    if (reservation.expiresAtMs <= nowMs) return undefined;
    this.#byToken.delete(token);
    return reservation.port;
  }

  /** Releases what nobody came for in time. */
  tick(nowMs: number): void {
    for (const [token, { port, expiresAtMs }] of this.#byToken) {
      if (expiresAtMs > nowMs) return;
      this.#byToken.delete(token);
      this.#release(port);
    }
  }

  /** Releases everything. */
  close(): void {
    for (const { port } of this.#byToken.values()) this.#release(port);
    this.#byToken.clear();
  }
}

function isOwner(reservation: ReservationOwner, { room, peer }: ReservationOwner): boolean {
  return reservation.room === room && reservation.peer === peer;
}
