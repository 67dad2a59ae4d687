import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longTermKey, userHash } from '../wire/integrity-key.ts';
import { mintRestCredentials, RestCredentials, restPassword } from './rest-credentials.ts';
import { formatRestUsername, parseRestUsername, roomTag } from './rest-username.ts';
import { UserhashIndex } from './userhash-index.ts';

const REALM = 'parley';
const EXPIRY = 1_700_000_000;
/** Room names as people and scripts make them, 64 code units and lone surrogates included. */
const ROOMS = [
  'daily',
  'a.b:c/d',
  '1700000000:x.y',
  '우리 집',
  '가'.repeat(64),
  '👩‍👩‍👧'.repeat(8),
  '',
  '\ud800',
  '\ud801',
];

describe('REST user names', () => {
  it('AUTH-20 a name says until when and for whom, in one way only', () => {
    for (const room of ROOMS) {
      const username = formatRestUsername(room, 'Peer_-9', EXPIRY);
      expect(username).toMatch(/^1700000000:[\w-]{22}\.Peer_-9$/);
      expect(parseRestUsername(username)).toEqual({
        expiresAtSeconds: EXPIRY,
        room: roomTag(room),
        peer: 'Peer_-9',
      });
    }
  });

  it('AUTH-20 the longest name has 68 bytes', () => {
    const username = formatRestUsername('가'.repeat(64), 'p'.repeat(32), 1e12 - 1);
    expect(Buffer.byteLength(username)).toBe(68);
    expect(parseRestUsername(username)?.peer).toBe('p'.repeat(32));
  });

  it('AUTH-21 a room has one tag, different rooms have different ones', () => {
    expect(new Set(ROOMS.map((room) => roomTag(room))).size).toBe(ROOMS.length);
    // printf 'parley room\0daily' | iconv -t utf-16le | sha256sum, first 16 bytes in base64url
    expect(roomTag('daily')).toBe('c6e4AtfWhDngg3t6m2cT6Q');
  });

  it('AUTH-21 the name of the room is not in the user name', () => {
    expect(formatRestUsername('daily', 'p1', EXPIRY)).not.toContain('daily');
  });

  it('AUTH-22 what others made with the secret is a peer in the room of no name', () => {
    expect(parseRestUsername('1700000000:alice')).toEqual({
      expiresAtSeconds: EXPIRY,
      room: '',
      peer: 'alice',
    });
    expect(parseRestUsername('1700000000:room.peer')).toMatchObject({
      room: '',
      peer: 'room.peer',
    });
    expect(parseRestUsername('1700000000:a:b')).toMatchObject({ room: '', peer: 'a:b' });
  });

  it.each(['', ':', 'alice', '1700000000', '1700000000:', ':alice', '-1:alice', '1e9:alice'])(
    'AUTH-22 "%s" is not of this form',
    (username) => {
      expect(parseRestUsername(username)).toBeUndefined();
    },
  );

  it.each([' 1:a', '1:a ', '1:a\n', '1:a\0', '1:\u00e9', '1:a b', `1:${'a'.repeat(201)}`])(
    'AUTH-22 %j has what no log should show',
    (username) => {
      expect(parseRestUsername(username)).toBeUndefined();
    },
  );

  it('AUTH-22 takes any text', () => {
    const texts = fc.oneof(
      fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
      fc.string().map((text) => `1:${text}`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseRestUsername(text);
        if (parsed === undefined) return;
        expect(Number.isSafeInteger(parsed.expiresAtSeconds)).toBe(true);
        expect(parsed.peer).toMatch(/^[\x21-\x7e]+$/);
      }),
    );
  });

  it('refuses peers and times that cannot stand in a name', () => {
    for (const peer of ['', 'a.b', 'a:b', 'a b', 'p'.repeat(33)]) {
      expect(() => formatRestUsername('daily', peer, EXPIRY)).toThrow(RangeError);
    }
    for (const seconds of [-1, 1.5, 1e12, Number.NaN]) {
      expect(() => formatRestUsername('daily', 'p1', seconds)).toThrow(RangeError);
    }
  });
});

describe('RestCredentials', () => {
  it("AUTH-23 the password is coturn's", () => {
    // printf '1700000000:room.peer' | openssl dgst -sha1 -hmac secret -binary | base64
    expect(restPassword('secret', '1700000000:room.peer')).toBe('b5/4+r2zRQPqv2zhJacCIE3VmGQ=');
    const { username, credential } = mintRestCredentials({
      secret: 'secret',
      room: 'daily',
      peer: 'p1',
      expiresAtSeconds: EXPIRY,
    });
    expect(credential).toBe(restPassword('secret', username));
  });

  it.each(['md5', 'sha256'] as const)('AUTH-24 accepts every secret, as %s key', (algorithm) => {
    const secrets = ['new', 'old'];
    const credentials = new RestCredentials({ realm: REALM, secrets });
    const username = formatRestUsername('daily', 'p1', EXPIRY);
    const account = credentials.find(username);
    expect(account).toMatchObject({ room: roomTag('daily'), peer: 'p1', expiresAtSeconds: EXPIRY });
    expect(account?.keys(algorithm).map((key) => key.bytes)).toEqual(
      secrets.map((secret) => {
        const password = restPassword(secret, username);
        return longTermKey({ username, realm: REALM, password }, algorithm).bytes;
      }),
    );
  });

  it('AUTH-25 remembers an account only when a key did fit, and tries that key first', () => {
    const credentials = new RestCredentials({ realm: REALM, secrets: ['new', 'old'] });
    const username = formatRestUsername('daily', 'p1', EXPIRY);
    const [first, second] = credentials.find(username)?.keys('md5') ?? [];
    expect(credentials.cached).toBe(0);
    const account = credentials.find(username);
    const fitting = account?.keys('md5')[1];
    if (fitting !== undefined) account?.confirm('md5', fitting);
    expect(credentials.cached).toBe(1);
    const bytes = credentials
      .find(username)
      ?.keys('md5')
      .map((key) => key.bytes);
    expect(bytes).toEqual([second?.bytes, first?.bytes]);
    expect(credentials.find(username)?.keys('md5')[0]).toBe(fitting);
  });

  it('AUTH-25 forgets the account used longest ago', () => {
    const credentials = new RestCredentials({ realm: REALM, secrets: ['s'], cacheLimit: 2 });
    const use = (peer: string): unknown => {
      const account = credentials.find(`1700000000:${peer}`);
      const key = account?.keys('md5')[0];
      if (key !== undefined) account?.confirm('md5', key);
      return key;
    };
    const a = use('a');
    const b = use('b');
    expect(use('a')).toBe(a);
    use('c');
    expect(credentials.cached).toBe(2);
    expect(use('a')).toBe(a);
    expect(use('b')).not.toBe(b);
  });

  it('AUTH-26 finds by USERHASH what was told to the index, and nobody without an index', () => {
    const index = new UserhashIndex(REALM);
    const usernameOf = (hash: Buffer): string | undefined => index.usernameOf(hash);
    const credentials = new RestCredentials({ realm: REALM, secrets: ['s'], usernameOf });
    const username = formatRestUsername('daily', 'p1', EXPIRY);
    const hash = userHash(username, REALM);
    expect(credentials.knowsUserhashes).toBe(true);
    expect(credentials.findByUserhash(hash)).toBeUndefined();
    index.add(username);
    expect(credentials.findByUserhash(hash)?.username).toBe(username);

    const without = new RestCredentials({ realm: REALM, secrets: ['s'] });
    expect(without.knowsUserhashes).toBe(false);
    expect(without.findByUserhash(hash)).toBeUndefined();
  });

  it.each([[[]], [['']], [['a', '']], [Array.from({ length: 9 }, () => 'x')]])(
    'refuses the secrets %j',
    (secrets) => {
      expect(() => new RestCredentials({ realm: REALM, secrets })).toThrow(RangeError);
    },
  );
});

describe('UserhashIndex', () => {
  it('AUTH-26 keeps the youngest names and takes any bytes', () => {
    const index = new UserhashIndex(REALM, 2);
    for (const name of ['a', 'b', 'a', 'c']) index.add(name);
    expect(index.usernameOf(userHash('a', REALM))).toBe('a');
    expect(index.usernameOf(userHash('b', REALM))).toBeUndefined();
    expect(index.usernameOf(userHash('c', REALM))).toBe('c');
    expect(index.usernameOf(userHash('c', 'elsewhere'))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(index.usernameOf(Buffer.from(bytes))).toBeUndefined();
      }),
    );
  });
});
