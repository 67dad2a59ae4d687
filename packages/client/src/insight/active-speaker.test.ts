import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { Store } from '../observable.ts';
import { FloorJudge, followSpeaker } from './active-speaker.ts';
import type { LevelSnapshot } from './silence.ts';

type Levels = Readonly<Record<string, number>>;

/** Takes the same levels so many times; who speaks in the end? */
function listen(judge: FloorJudge<string>, levels: Levels, times: number): string | undefined {
  let speaker: string | undefined;
  for (let count = 0; count < times; count += 1)
    speaker = judge.next(new Map(Object.entries(levels)));
  return speaker;
}

describe('FloorJudge', () => {
  it('is nobody before anybody speaks', () => {
    expect(listen(new FloorJudge(), { ada: 0, bob: 0.02 }, 20)).toBeUndefined();
  });

  it('is the first one who speaks, within half a second', () => {
    expect(listen(new FloorJudge(), { ada: 0.6, bob: 0 }, 2)).toBe('ada');
  });

  it('stays whoever spoke last when all are silent', () => {
    const judge = new FloorJudge<string>();
    listen(judge, { ada: 0.6, bob: 0 }, 5);
    expect(listen(judge, { ada: 0, bob: 0 }, 50)).toBe('ada');
  });

  it('does not change for a cough', () => {
    const judge = new FloorJudge<string>();
    listen(judge, { ada: 0.6, bob: 0 }, 20);
    listen(judge, { ada: 0.6, bob: 1 }, 1);
    expect(listen(judge, { ada: 0.6, bob: 0 }, 10)).toBe('ada');
  });

  it('changes to who goes on speaking, within one and a half seconds', () => {
    const judge = new FloorJudge<string>();
    listen(judge, { ada: 0.6, bob: 0 }, 20);
    expect(listen(judge, { ada: 0, bob: 0.6 }, 7)).toBe('bob');
  });

  it('does not jump between two who speak at once', () => {
    const judge = new FloorJudge<string>();
    listen(judge, { ada: 0.6, bob: 0 }, 20);
    const speakers = Array.from({ length: 100 }, (_, turn) =>
      listen(judge, { ada: turn % 2 === 0 ? 0.7 : 0.5, bob: turn % 2 === 0 ? 0.5 : 0.7 }, 1),
    );
    expect(new Set(speakers)).toEqual(new Set(['ada']));
  });

  it('forgets who has left', () => {
    const judge = new FloorJudge<string>();
    listen(judge, { ada: 0.6, bob: 0 }, 20);
    expect(listen(judge, { bob: 0 }, 1)).toBeUndefined();
    expect(listen(judge, { bob: 0.6 }, 2)).toBe('bob');
  });
});

class Person {
  readonly level = new FakeLevel();
}

class FakeLevel extends Store<LevelSnapshot> {
  constructor() {
    super({ level: 0, speaking: false });
  }

  get isWatched(): boolean {
    return this.watched;
  }

  set(level: number): void {
    this.update({ level });
  }
}

describe('followSpeaker', () => {
  it('watches who is here, and no one any more in the end', () => {
    const clock = new FakeClock();
    const ending = new AbortController();
    const [ada, bob] = [new Person(), new Person()];
    let people = [ada];
    let speaker: Person | undefined;
    followSpeaker({
      people: () => people,
      setTimer: (callback, delayMs) => {
        const timer = clock.setTimeout(callback, delayMs);
        return () => clock.clearTimeout(timer);
      },
      set: (next) => {
        speaker = next;
      },
      signal: ending.signal,
    });
    ada.level.set(0.8);
    clock.advance(400);
    expect(speaker).toBe(ada);
    people = [bob];
    bob.level.set(0.8);
    clock.advance(400);
    expect(speaker).toBe(bob);
    expect([ada.level.isWatched, bob.level.isWatched]).toEqual([false, true]);
    ending.abort();
    expect(bob.level.isWatched).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });
});
