import { expect, it } from 'vitest';
import { emptyTurnCounters } from '../engine/counters.ts';
import { addCounters } from './add-counters.ts';

it('adds numbers and groups of numbers', () => {
  const one = { ...emptyTurnCounters(), bindings: 1 };
  one.drops.noPeer = 2;
  const other = { ...emptyTurnCounters(), bindings: 10, packetsRelayed: 5 };
  other.drops.noPeer = 20;
  other.authFailures.expired = 7;
  const sum = addCounters(one, other);
  expect(sum).toEqual({
    ...emptyTurnCounters(),
    bindings: 11,
    packetsRelayed: 5,
    drops: { ...emptyTurnCounters().drops, noPeer: 22 },
    authFailures: { ...emptyTurnCounters().authFailures, expired: 7 },
  });
});

it('changes neither', () => {
  const one = emptyTurnCounters();
  addCounters(one, { ...emptyTurnCounters(), bindings: 3 });
  expect(one).toEqual(emptyTurnCounters());
});
