import { ParleyError } from '@parley/client';
import type { PrivacyErrorCode } from '@parley/client';
import { expect, it } from 'vitest';
import { peerStatus, statusNews } from './peer-status.ts';

it('says nothing while all is well', () => {
  expect(peerStatus({ state: 'connected', refusal: undefined })).toBeUndefined();
  const refusal = new ParleyError<PrivacyErrorCode>('ERR_SIGNAL_UNSEALED', 'forged');
  expect(peerStatus({ state: 'connected', refusal })).toBeUndefined();
});

it('says that somebody is on the way', () => {
  expect(peerStatus({ state: 'connecting', refusal: undefined })).toBe('call.state.connecting');
});

it('says when nobody can be reached for long, whether they ever were or not', () => {
  const refusal = undefined;
  expect(peerStatus({ state: 'disconnected', refusal }, 'recovering')).toBe(
    'call.state.disconnected',
  );
  for (const state of ['connecting', 'disconnected', 'failed'] as const) {
    expect(peerStatus({ state, refusal }, 'lost')).toBe('call.state.failed');
  }
});

it.each<readonly [PrivacyErrorCode, string]>([
  ['ERR_SIGNAL_SEALED', 'call.state.locked'],
  ['ERR_SIGNAL_UNSEALED', 'call.state.noKey'],
  ['ERR_SEAL_BROKEN', 'call.state.otherKey'],
  ['ERR_SEAL_FORMAT', 'call.state.connecting'],
])('says which key is missing: %s', (code, status) => {
  const refusal = new ParleyError(code, 'no');
  expect(peerStatus({ state: 'connecting', refusal })).toBe(status);
});

it('reads out once that somebody is lost, and that they are back', () => {
  const news = statusNews();
  expect([news('call.state.connecting', false), news(undefined, true)]).toEqual([
    undefined,
    undefined,
  ]);
  expect(news('call.state.disconnected', false)).toBe('call.state.disconnected');
  expect(news('call.state.disconnected', false)).toBeUndefined();
  expect(news('call.state.failed', false)).toBe('call.state.failed');
  expect(news('call.state.connecting', false)).toBeUndefined();
  expect(news(undefined, true)).toBe('announce.reconnected');
  expect(news(undefined, true)).toBeUndefined();
});

it('reads out no return of somebody who left', () => {
  const news = statusNews();
  news('call.state.disconnected', false);
  expect(news(undefined, false)).toBeUndefined();
});
