/**
 * Passcodes are compared and made here, so that guessing is slow and hashing never takes the machine over.
 * @module
 */
import type { RoomName } from '@parley/protocol';
import type { Now } from '../clock.ts';
import { Attempts } from './attempts.ts';
import type { PasscodeRecord, Passcodes } from './passcode.ts';

/** What guesses are judged with. */
export interface GuessesOptions {
  readonly passcodes: Passcodes;
  readonly now: Now;
}

/** Somebody who says a passcode. */
export interface Guess {
  readonly passcode: string;
  /** Stands for where they come from. */
  readonly address: string;
  readonly room: RoomName;
}

/** Guesses of one address: a class behind one NAT can mistype, a program gets nowhere. */
const GUESSES_PER_ADDRESS = { burst: 20, perSecond: 0.1 };
/** Guesses at one room from everywhere: four digits last half a day on average. */
const GUESSES_PER_ROOM = { burst: 60, perSecond: 0.1 };
/** Passcodes that are hashed at the same time, all rooms together. */
const MAX_HASHING = 16;

/** See the module comment. */
export class Guesses {
  readonly #passcodes: Passcodes;
  readonly #ofAddress: Attempts;
  readonly #atRoom: Attempts;
  #hashing = 0;

  constructor({ passcodes, now }: GuessesOptions) {
    this.#passcodes = passcodes;
    this.#ofAddress = new Attempts(GUESSES_PER_ADDRESS, now);
    this.#atRoom = new Attempts(GUESSES_PER_ROOM, now);
  }

  /** Whether the passcode is right; `undefined` when there have been too many guesses. */
  async isRight(
    { passcode, address, room }: Guess,
    record: PasscodeRecord,
  ): Promise<boolean | undefined> {
    if (this.#hashing >= MAX_HASHING) return undefined;
    if (!this.#ofAddress.take(address) || !this.#atRoom.take(room)) return undefined;
    const isRight = await this.#hash(() => this.#passcodes.matches(passcode, record));
    if (isRight) {
      this.#ofAddress.giveBack(address);
      this.#atRoom.giveBack(room);
    }
    return isRight;
  }

  /** What is kept of a new passcode; `undefined` when too many are being hashed. */
  async record(passcode: string): Promise<PasscodeRecord | undefined> {
    if (this.#hashing >= MAX_HASHING) return undefined;
    return this.#hash(() => this.#passcodes.record(passcode));
  }

  async #hash<Value>(hash: () => Promise<Value>): Promise<Value> {
    this.#hashing += 1;
    try {
      return await hash();
    } finally {
      this.#hashing -= 1;
    }
  }
}
