import { expect, it } from 'vitest';
import { isLinkProblem, joinProblem } from './join-problem.ts';

it.each([
  ['ERR_ROOM_FULL', 'join.full.title'],
  ['ERR_ROOM_NAME', 'join.name.title'],
  ['ERR_RATE_LIMIT', 'join.busy.title'],
  ['ERR_SERVER_DRAINING', 'join.draining.title'],
  ['ERR_SERVER_UNREACHABLE', 'join.unreachable.title'],
  ['ERR_SDK_LOAD', 'join.unreachable.title'],
  ['ERR_SERVER_TIMEOUT', 'join.timeout.title'],
  ['ERR_WEBRTC_UNSUPPORTED', 'join.unsupported.title'],
  ['ERR_LINK_KEY', 'join.key.title'],
  ['ERR_CRYPTO_UNAVAILABLE', 'join.insecure.title'],
  ['ERR_INTERNAL', 'join.unknown.title'],
])('joinProblem of %s', (code, title) => {
  expect(joinProblem(Object.assign(new Error('no'), { code })).title).toBe(title);
});

it('joinProblem of something that is no error of ours', () => {
  expect(joinProblem(undefined).title).toBe('join.unknown.title');
  expect(joinProblem(new TypeError('bug')).title).toBe('join.unknown.title');
});

it('isLinkProblem of what no second try can help', () => {
  for (const code of ['ERR_LINK_KEY', 'ERR_CRYPTO_UNAVAILABLE']) {
    expect(isLinkProblem(Object.assign(new Error('no'), { code }))).toBe(true);
  }
  expect(isLinkProblem(Object.assign(new Error('no'), { code: 'ERR_ROOM_FULL' }))).toBe(false);
  expect(isLinkProblem(undefined)).toBe(false);
});
