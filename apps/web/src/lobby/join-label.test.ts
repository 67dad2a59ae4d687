import { expect, it } from 'vitest';
import { joinLabel } from './join-label.ts';

const FAILED = { state: 'failed' } as const;
const LIVE = { state: 'live' } as const;

it('joinLabel says what will be missing', () => {
  expect(joinLabel(FAILED, FAILED, true)).toBe('lobby.joinWithout.both');
  expect(joinLabel(FAILED, LIVE, false)).toBe('lobby.joinWithout.camera');
  expect(joinLabel(LIVE, FAILED, false)).toBe('lobby.joinWithout.microphone');
});

it('joinLabel is plain when the person switched the devices off', () => {
  expect(joinLabel({ state: 'off' }, { state: 'off' }, false)).toBe('lobby.join');
  expect(joinLabel({ state: 'starting' }, LIVE, false)).toBe('lobby.join');
});

it('joinLabel says whether one joins a call or starts it', () => {
  expect(joinLabel(LIVE, LIVE, true)).toBe('lobby.start');
});
