import { describe, expect, it } from 'vitest';
import { NEW_LINK, nextRecovery, nextRungIn } from './recovery.ts';
import type { Recovery, RecoveryStep } from './recovery.ts';

const CONNECTED: Recovery = { name: 'connected', troubleMs: 0, rung: 0 };
const SECOND = 1_000;
const CALM = {
  type: 'sample',
  silentMs: 0,
  elapsedMs: SECOND,
  isOnline: true,
  hasFailed: false,
  isDoubtful: false,
} as const;

interface Course {
  readonly from?: Recovery;
  readonly forMs: number;
  readonly everyMs?: number;
  readonly isOnline?: boolean;
  /** Nothing has ever come. */
  readonly isNew?: boolean;
}

/** Lets nothing come for some time; tells the steps with their times, and where it ended. */
function silence({ from = CONNECTED, forMs, everyMs = 500, isOnline = true, isNew }: Course) {
  let state = from;
  const steps: [number, RecoveryStep][] = [];
  for (let silentMs = everyMs; silentMs <= forMs; silentMs += everyMs) {
    const next = nextRecovery(state, {
      ...CALM,
      silentMs: isNew ? Number.POSITIVE_INFINITY : silentMs,
      elapsedMs: everyMs,
      isOnline,
    });
    state = next.state;
    if (next.step !== undefined) steps.push([silentMs / SECOND, next.step]);
  }
  return { steps, state };
}

describe('a link from which nothing comes', () => {
  it('is unstable after 1.5 s, and nothing is done yet', () => {
    expect(silence({ forMs: 1_400, everyMs: 100 }).state.name).toBe('connected');
    expect(silence({ forMs: 1_600, everyMs: 100 })).toMatchObject({
      steps: [],
      state: { name: 'unstable' },
    });
  });

  it('is helped in steps, until it is lost', () => {
    const { steps, state } = silence({ forMs: 60_000 });
    expect(steps).toEqual([
      [2, 'restart'],
      [2.5, 'rebuild'],
      [6, 'restart'],
      [10, 'relay'],
      [16, 'restart'],
      [22, 'rebuild'],
      [28, 'restart'],
      [34, 'relay'],
      [42, 'rebuild'],
    ]);
    expect(state.name).toBe('lost');
  });

  it('tells when the next step is due', () => {
    expect(nextRungIn(CONNECTED, 600)).toBe(1_100);
    const { state } = silence({ forMs: 1_600, everyMs: 100 });
    expect(nextRungIn(state, 1_600)).toBe(100);
    expect(nextRungIn({ ...state, rung: 2 }, 1_600)).toBe(4_400);
  });

  it('is helped once more in the same way when the server went away meanwhile', () => {
    const { state } = silence({ forMs: 2_500 });
    const postponed = nextRecovery(state, { type: 'postponed' });
    expect(postponed.step).toBeUndefined();
    const sample = { ...CALM, silentMs: 2_700, elapsedMs: 200 };
    const offline = nextRecovery(postponed.state, { ...sample, isOnline: false });
    expect(offline.step).toBeUndefined();
    expect(nextRecovery(offline.state, sample).step).toBe('rebuild');
    expect(nextRecovery(CONNECTED, { type: 'postponed' }).state).toEqual(CONNECTED);
  });

  it('is tried again at once when it was lost, and the server went away meanwhile', () => {
    const lost = nextRecovery({ name: 'lost', troubleMs: 0, rung: 2 }, { type: 'postponed' });
    const again = nextRecovery(lost.state, { ...CALM, silentMs: 90_000 });
    expect(again).toEqual({ state: { name: 'lost', troubleMs: 0, rung: 2 }, step: 'rebuild' });
  });

  it('is well again as soon as something comes, and helped anew the next time', () => {
    const { state } = silence({ forMs: 30_000 });
    expect(state.name).toBe('recovering');
    const healed = nextRecovery(state, CALM).state;
    expect(healed).toEqual(CONNECTED);
    expect(silence({ from: healed, forMs: 2_000 }).steps).toEqual([[2, 'restart']]);
  });

  it('is not lost to a page that slept', () => {
    const slept = { ...CALM, silentMs: 3_600_000, elapsedMs: 3_600_000 };
    const first = nextRecovery(CONNECTED, slept);
    expect(first).toEqual({ state: { name: 'unstable', troubleMs: 1_500, rung: 0 } });
    const second = nextRecovery(first.state, slept);
    expect(second.step).toBe('restart');
    expect(second.state).toMatchObject({ name: 'recovering', troubleMs: 3_000 });
  });

  it('is looked at once more where the page itself stood still, and then helped at once', () => {
    const stalled = { ...CALM, silentMs: 2_000, elapsedMs: 2_000 };
    const { state, step } = nextRecovery(CONNECTED, stalled);
    expect(step).toBeUndefined();
    expect(nextRecovery(state, CALM).state).toEqual(CONNECTED);
    const still = { ...CALM, silentMs: 2_200, elapsedMs: 200 };
    expect(nextRecovery(state, still).step).toBe('restart');
    expect(nextRecovery(CONNECTED, { ...stalled, isDoubtful: true }).step).toBe('restart');
  });

  it('is given one restart while the server is out of reach, and no step more', () => {
    const { steps, state } = silence({ forMs: 300_000, isOnline: false });
    expect(steps).toEqual([[2, 'restart']]);
    const later = silence({ from: state, forMs: 3_000 });
    expect(later.steps).toEqual([
      [2, 'restart'],
      [2.5, 'rebuild'],
    ]);
  });
});

describe('a first connection', () => {
  it('has four seconds more, and is connecting all the while', () => {
    const { steps, state } = silence({ from: NEW_LINK, forMs: 30_000, isNew: true });
    expect(steps.slice(0, 3)).toEqual([
      [6, 'restart'],
      [6.5, 'rebuild'],
      [10, 'restart'],
    ]);
    expect(state.name).toBe('connecting');
  });

  it('is lost in the end', () => {
    const course = { from: NEW_LINK, isNew: true };
    expect(silence({ ...course, forMs: 63_500 }).state.name).toBe('connecting');
    expect(silence({ ...course, forMs: 64_000 }).state.name).toBe('lost');
  });

  it('is not restarted by a hint, but at once when it fails', () => {
    expect(nextRecovery(NEW_LINK, { type: 'hint' })).toEqual({ state: NEW_LINK });
    expect(nextRecovery(NEW_LINK, { ...CALM, hasFailed: true }).step).toBe('restart');
  });
});

describe('a reason to act early', () => {
  it('a network that has changed for certain: restart, although packets come; then the next rung', () => {
    const { state, step } = nextRecovery(CONNECTED, { type: 'hint' });
    expect(step).toBe('restart');
    expect(state.name).toBe('connected');
    expect(silence({ from: state, forMs: 7_000, everyMs: 2_000 }).steps).toEqual([[4, 'rebuild']]);
  });

  it('a network that may have changed: restart after 0.7 s of silence', () => {
    const doubt = { ...CALM, isDoubtful: true };
    expect(nextRecovery(CONNECTED, { ...doubt, silentMs: 600 })).toEqual({ state: CONNECTED });
    expect(nextRecovery(CONNECTED, { ...doubt, silentMs: 800 }).step).toBe('restart');
  });

  it('a browser that has given up', () => {
    expect(nextRecovery(CONNECTED, { ...CALM, hasFailed: true }).step).toBe('restart');
  });
});

describe('what the other side has done', () => {
  it('counts as done here', () => {
    const { state } = nextRecovery(silence({ forMs: 1_500 }).state, {
      type: 'followed',
      step: 'restart',
    });
    expect(state).toMatchObject({ name: 'unstable', rung: 1 });
  });

  it('a new connection puts both on the same rung', () => {
    const { state } = nextRecovery(CONNECTED, { type: 'followed', step: 'rebuild' });
    expect(state).toEqual({ name: 'recovering', troubleMs: 1_900, rung: 2 });
  });
});

describe('a lost link', () => {
  const LOST: Recovery = { name: 'lost', troubleMs: 0, rung: 0 };
  const tries = (course: Course): readonly number[] =>
    silence({ from: LOST, isNew: true, everyMs: SECOND, ...course }).steps.map(([time]) => time);

  it('is tried now and then, and stays lost meanwhile', () => {
    const { steps, state } = silence({ from: LOST, forMs: 180_000, isNew: true });
    expect(steps).toEqual([5, 20, 50, 110, 170].map((time) => [time, 'rebuild']));
    expect(state.name).toBe('lost');
  });

  it('is well again as soon as something comes', () => {
    expect(nextRecovery(LOST, CALM)).toEqual({ state: CONNECTED });
  });

  it('is tried as soon as the server is back', () => {
    const { state } = silence({ from: LOST, forMs: 180_000, isNew: true });
    const away = silence({ from: state, forMs: 300_000, isNew: true, isOnline: false });
    expect(away.steps).toEqual([]);
    expect(tries({ from: away.state, forMs: 30_000 })[0]).toBe(1);
  });

  it('is tried at once when the network has changed, and soon again', () => {
    const { state } = silence({ from: LOST, forMs: 180_000, isNew: true });
    const { state: hinted, step } = nextRecovery(state, { type: 'hint' });
    expect(step).toBeUndefined();
    expect(tries({ from: hinted, forMs: 60_000 })).toEqual([1, 16, 46]);
  });

  it('is not tried at every one of many changes', () => {
    let state = LOST;
    let count = 0;
    for (let second = 0; second < 60; second += 1) {
      state = nextRecovery(state, { type: 'hint' }).state;
      const next = nextRecovery(state, { ...CALM, silentMs: Number.POSITIVE_INFINITY });
      state = next.state;
      if (next.step !== undefined) count += 1;
    }
    expect(count).toBe(12);
  });

  it('counts what the other side tries', () => {
    const { state } = silence({ from: LOST, forMs: 19_000, isNew: true });
    const followed = nextRecovery(state, { type: 'followed', step: 'rebuild' });
    expect(followed.step).toBeUndefined();
    expect(followed.state.name).toBe('lost');
    expect(tries({ from: followed.state, forMs: 40_000 })).toEqual([30]);
  });
});
