/**
 * Who is speaking, out of several voices. Whoever speaks keeps the floor until somebody else is louder
 * for a while: a cough, an echo or two people at once must not make a view jump.
 * Loaded when somebody watches the speaker of a room.
 * @module
 */
import type { Observable } from '../observable.ts';
import type { SetTimer } from '../platform.ts';
import { repeat } from './follow-level.ts';
import type { LevelSnapshot } from './silence.ts';

/** Time between two decisions. */
export const SPEAKER_INTERVAL_MS = 200;

/** Share of each new measurement: a voice counts in full after about a second. */
const WEIGHT = 0.25;
/** Weaker voices than this are nobody's. */
const FLOOR = 0.1;
/** How much louder somebody else has to be. */
const MARGIN = 0.08;
/** Decisions for which a new speaker keeps the floor, whatever happens. */
const MIN_TURNS = 5;

/** Decides who speaks. Pure. */
export class FloorJudge<Person> {
  #scores: ReadonlyMap<Person, number> = new Map();
  #current: Person | undefined;
  #turns = 0;

  /** Takes the levels of all who are here; whoever spoke last stays the speaker in silence. */
  next(levels: ReadonlyMap<Person, number>): Person | undefined {
    this.#scores = new Map(
      [...levels].map(([person, level]) => {
        const before = this.#scores.get(person) ?? 0;
        return [person, before + (level - before) * WEIGHT];
      }),
    );
    this.#turns += 1;
    const kept = this.#current === undefined ? undefined : this.#scores.get(this.#current);
    if (kept === undefined) this.#current = undefined; // has left
    const [loudest, score] = this.#loudest();
    const isFree = kept === undefined || (this.#turns > MIN_TURNS && score > kept + MARGIN);
    if (loudest !== undefined && loudest !== this.#current && isFree && score >= FLOOR) {
      this.#current = loudest;
      this.#turns = 0;
    }
    return this.#current;
  }

  #loudest(): readonly [Person | undefined, number] {
    let best: readonly [Person | undefined, number] = [undefined, 0];
    for (const entry of this.#scores) if (entry[1] > best[1]) best = entry;
    return best;
  }
}

/** Somebody whose level can be watched. */
interface Voice {
  readonly level: Observable<LevelSnapshot>;
}

/** Follows who of `people` speaks. */
export function followSpeaker<Person extends Voice>(options: {
  readonly people: () => readonly Person[];
  readonly setTimer: SetTimer;
  readonly set: (speaker: Person | undefined) => void;
  readonly signal: AbortSignal;
}): void {
  const { people, set, signal } = options;
  const judge = new FloorJudge<Person>();
  const watched = new Map<Person, () => void>();
  repeat(options, SPEAKER_INTERVAL_MS, () => {
    const here = people();
    for (const [person, undo] of watched) {
      if (here.includes(person)) continue;
      undo();
      watched.delete(person);
    }
    for (const person of here) {
      if (!watched.has(person))
        watched.set(
          person,
          person.level.subscribe(() => {}),
        );
    }
    set(judge.next(new Map(here.map((person) => [person, person.level.snapshot.level]))));
  });
  signal.addEventListener('abort', () => {
    for (const undo of watched.values()) undo();
  });
}
