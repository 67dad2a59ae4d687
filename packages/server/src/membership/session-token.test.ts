import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { FEATURES, knownFeatures, MAX_SESSION_LENGTH, parseRoomName } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { peerId } from '../../test/session-harness.ts';
import { SessionTokens } from './session-token.ts';
import type { SessionClaims } from './session-token.ts';

const SECRET = 'the secret that signs';
const OLD_SECRET = 'a secret of last week';
const DAY_SECONDS = 86_400;

const ADA = claimsOf('daily', 'Ada');
const INVALID = { ok: false, error: { code: 'ERR_SESSION_INVALID' } };
const EXPIRED = { ok: false, error: { code: 'ERR_SESSION_EXPIRED' } };

function claimsOf(roomName: string, name: string): SessionClaims {
  const room = parseRoomName(roomName);
  if (room === undefined) throw new Error(`not a room name: ${roomName}`);
  return {
    room,
    peer: { id: peerId('kJ3nX_9-aQzL0pWv'), name },
    features: knownFeatures(FEATURES),
  };
}

function setUp(secrets: readonly string[] = [SECRET]) {
  let now = 1_800_000_000;
  const tokens = new SessionTokens({ secrets, unixSeconds: () => now });
  return { tokens, advance: (seconds: number) => (now += seconds) };
}

/** A token with any content and a right signature. */
function signed(content: string): string {
  const claims = Buffer.from(content).toString('base64url');
  const hmac = createHmac('sha256', SECRET).update('parley session\n').update(claims);
  return `${claims}.${hmac.digest('base64url')}`;
}

describe('session tokens', () => {
  it('SIG-63 tell who may come back where', () => {
    const { tokens } = setUp();
    expect(tokens.read(tokens.issue(ADA))).toEqual({ ok: true, ...ADA });
  });

  it('SIG-63 are short enough whatever the names are', () => {
    const { tokens } = setUp();
    const claims = claimsOf('\u{d55c}'.repeat(64), '\u{ac00}"'.repeat(32));
    const token = tokens.issue(claims);
    expect(token.length).toBeLessThanOrEqual(MAX_SESSION_LENGTH);
    expect(tokens.read(token)).toEqual({ ok: true, ...claims });
  });

  it('SIG-63 are accepted when they were made with an older secret', () => {
    const old = setUp([OLD_SECRET]).tokens.issue(ADA);
    expect(setUp([SECRET, OLD_SECRET]).tokens.read(old)).toMatchObject({ ok: true });
    expect(setUp([SECRET]).tokens.read(old)).toMatchObject(INVALID);
  });

  it('SIG-63 end after a day', () => {
    const { tokens, advance } = setUp();
    const token = tokens.issue(ADA);
    advance(DAY_SECONDS - 1);
    expect(tokens.read(token)).toMatchObject({ ok: true });
    advance(1);
    expect(tokens.read(token)).toMatchObject(EXPIRED);
  });

  it('SIG-63 are nothing when they are cut off anywhere', () => {
    const { tokens } = setUp();
    const token = tokens.issue(ADA);
    for (let length = 0; length < token.length; length += 1) {
      expect(tokens.read(token.slice(0, length))).toMatchObject(INVALID);
    }
  });

  it('SIG-63 are nothing when any character was changed', () => {
    const { tokens } = setUp();
    const token = tokens.issue(ADA);
    // The last character of the signature carries two bits that mean nothing.
    for (let index = 0; index < token.length - 1; index += 1) {
      const other = token[index] === 'A' ? 'B' : 'A';
      const forged = token.slice(0, index) + other + token.slice(index + 1);
      expect(tokens.read(forged)).toMatchObject(INVALID);
    }
  });

  it('SIG-63 cannot be made of the claims of one and the signature of another', () => {
    const { tokens } = setUp();
    const [claims] = tokens.issue({ ...ADA, peer: { ...ADA.peer, name: 'Eve' } }).split('.');
    const [, signature] = tokens.issue(ADA).split('.');
    expect(tokens.read(`${claims}.${signature}`)).toMatchObject(INVALID);
  });

  it.each([
    'null',
    '7',
    '[]',
    '{}',
    '{',
    '{"room":"daily","id":"a","name":"","can":[],"at":"now"}',
    '{"room":"","id":"a","name":"","can":[],"at":1800000000}',
    '{"room":"daily","id":"no id","name":"","can":[],"at":1800000000}',
    '{"room":"daily","id":"a","name":null,"can":[],"at":1800000000}',
    '{"room":"daily","id":"a","name":"","can":"all","at":1800000000}',
  ])('SIG-5 SIG-63 with the content %s say nothing, although the signature is right', (content) => {
    expect(setUp().tokens.read(signed(content))).toMatchObject(INVALID);
  });

  it('SIG-5 SIG-63 have an answer to any text, signed or not', () => {
    const { tokens } = setUp();
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3000 }),
      fc.string({ unit: 'binary' }).map(signed),
      fc.json().map(signed),
      fc.tuple(fc.base64String(), fc.base64String()).map((parts) => parts.join('.')),
    );
    const accepts = (token: string): boolean => tokens.read(token).ok;
    expect(fc.check(fc.property(text, (token) => !accepts(token))).failed).toBe(false);
  });
});
