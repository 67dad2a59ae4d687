import type { Payload } from '@parley/protocol';
import { expect, it } from 'vitest';
import { peerId } from '../testing/fake-server.ts';
import { PLAIN_ENVELOPE } from './envelope.ts';

const ADA = peerId('ada');

it.each<readonly [string, Payload]>([
  ['an open description', { type: 'offer', sdp: 'v=0' }],
  ['the end of candidates', null],
  ['an empty object', {}],
])('without a key %s passes as it is', (_, payload) => {
  expect(PLAIN_ENVELOPE.wrap(ADA, 'offer', payload)).toBe(payload);
  expect(PLAIN_ENVELOPE.wrapJoinOffer(payload)).toBe(payload);
  expect(PLAIN_ENVELOPE.unwrap(ADA, 'offer', payload)).toBe(payload);
  expect(PLAIN_ENVELOPE.unwrapJoinOffer(payload)).toBe(payload);
});

it.each<Payload>([{ sealed: { v: 1, s: 'c2FsdA', n: 0, d: 'AQID' } }, { sealed: null }])(
  'SEAL-4 without a key %j is noticed',
  (payload) => {
    const code = 'ERR_SIGNAL_SEALED';
    expect(PLAIN_ENVELOPE.unwrap(ADA, 'offer', payload)).toMatchObject({ code });
    expect(PLAIN_ENVELOPE.unwrapJoinOffer(payload)).toMatchObject({ code });
  },
);
