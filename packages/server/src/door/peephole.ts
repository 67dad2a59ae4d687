/**
 * Who is inside, for somebody who is about to join: as much as they would be told on walking in, and only where
 * nothing keeps anybody out. Rules: docs/SPEC-signaling.md, SIG-85 to SIG-87.
 * @module
 */
import type { Inside, RoomName } from '@parley/protocol';
import type { Now } from '../clock.ts';
import type { Membership } from '../membership/membership.ts';
import type { RoomRegistry } from '../room-registry.ts';
import { Attempts } from './attempts.ts';

/** What it looks at. */
export interface PeepholeOptions {
  readonly rooms: RoomRegistry<Membership>;
  /** Whether anybody may walk into this room. */
  readonly isOpen: (room: RoomName) => boolean;
  readonly now: Now;
}

/** A class behind one NAT may wait in the lobby; a program that goes through names of rooms gets nowhere. */
const LOOKS_PER_ADDRESS = { burst: 60, perSecond: 10 };
const MAX_NAMES = 5;

/** See the module comment. */
export class Peephole {
  readonly #options: PeepholeOptions;
  readonly #looksOfAddress: Attempts;

  constructor(options: PeepholeOptions) {
    this.#options = options;
    this.#looksOfAddress = new Attempts(LOOKS_PER_ADDRESS, options.now);
  }

  /** `undefined` before a door that keeps people out, and for who looks too often. */
  look(room: RoomName, address: string): Inside | undefined {
    const { rooms, isOpen } = this.#options;
    if (!this.#looksOfAddress.take(address) || !isOpen(room)) return undefined;
    const members = [...(rooms.get(room)?.members.values() ?? [])];
    const names = members.flatMap(({ peer }) => (peer.name === '' ? [] : [peer.name]));
    return { count: members.length, names: names.slice(0, MAX_NAMES) };
  }
}
