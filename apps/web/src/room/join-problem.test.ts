import { expect, it } from 'vitest';
import { joinProblem } from './join-problem.ts';

it.each([
  ['ERR_ROOM_FULL', 'join.full.title'],
  ['ERR_ROOM_NAME', 'join.name.title'],
  ['ERR_RATE_LIMIT', 'join.busy.title'],
  ['ERR_SERVER_UNREACHABLE', 'join.unreachable.title'],
  ['ERR_SERVER_TIMEOUT', 'join.timeout.title'],
  ['ERR_WEBRTC_UNSUPPORTED', 'join.unsupported.title'],
  ['ERR_INTERNAL', 'join.unknown.title'],
])('joinProblem of %s', (code, title) => {
  expect(joinProblem(Object.assign(new Error('no'), { code })).title).toBe(title);
});

it('joinProblem of something that is no error of ours', () => {
  expect(joinProblem(undefined).title).toBe('join.unknown.title');
  expect(joinProblem(new TypeError('bug')).title).toBe('join.unknown.title');
});
