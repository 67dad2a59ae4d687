/**
 * Many people in many rooms of one service, who behave as the SDK does and say nothing.
 * @module
 */
import { SteadyPeer } from './steady-peer.ts';

export const PEOPLE = 300;
export const ROOMS = 60;

/** See the module comment. Its owner must `close` it. */
export class Crowd {
  readonly #peers: readonly SteadyPeer[];

  constructor(url: string) {
    this.#peers = Array.from({ length: PEOPLE }, (_, number) => {
      const peer = new SteadyPeer(url, `daily ${number % ROOMS}`);
      peer.say({ hello: number });
      return peer;
    });
  }

  /** Everybody is connected, was heard, and knows the others of their room. */
  get isTogether(): boolean {
    return this.#peers.every(
      ({ isInside, isHeard, others }) => isInside && isHeard && others.size === PEOPLE / ROOMS - 1,
    );
  }

  /** Nobody else is among these. */
  isAll(ids: ReadonlySet<string>): boolean {
    const isAmongThem = ({ id }: SteadyPeer): boolean => id !== undefined && ids.has(id);
    return ids.size === PEOPLE && this.#peers.every(isAmongThem);
  }

  /** Who was said to be gone, and who was refused, and why. */
  get harms(): readonly string[] {
    return this.#peers.flatMap(({ byes, refusals }) => [...byes, ...refusals]);
  }

  /** Connections that broke since this was asked last. */
  takeBreaks(): number {
    const breaks = this.#peers.reduce((sum, peer) => sum + peer.breaks, 0);
    for (const peer of this.#peers) peer.breaks = 0;
    return breaks;
  }

  close(): void {
    for (const peer of this.#peers) peer.close();
  }
}
