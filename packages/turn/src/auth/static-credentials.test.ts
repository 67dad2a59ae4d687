import { expect, it } from 'vitest';
import { userHash } from '../wire/integrity-key.ts';
import { StaticCredentials } from './static-credentials.ts';

const credentials = new StaticCredentials('realm', [
  { username: 'user', password: 'pass' },
  { username: 'caf\u00e9', password: 'pass', room: 'daily' },
]);

it('AUTH-27 the key of a static user is that of RFC 8489 section 9.2.2', () => {
  const account = credentials.find('user');
  expect(account?.keys('md5').map((key) => key.bytes.toString('hex'))).toEqual([
    '8493fbc53ba582fb4c044c456bdc40eb',
  ]);
  expect(account?.keys('sha256')[0]?.bytes).toHaveLength(32);
});

it('AUTH-27 static users never expire and have one room unless told otherwise', () => {
  const expiresAtSeconds = Number.POSITIVE_INFINITY;
  expect(credentials.find('user')).toMatchObject({ room: '', peer: 'user', expiresAtSeconds });
  expect(credentials.find('caf\u00e9')).toMatchObject({ room: 'daily', expiresAtSeconds });
});

it('AUTH-27 finds users by any form of their name, by USERHASH too, and nobody else', () => {
  expect(credentials.find('cafe\u0301')?.peer).toBe('caf\u00e9');
  expect(credentials.findByUserhash(userHash('cafe\u0301', 'realm'))?.peer).toBe('caf\u00e9');
  expect(credentials.knowsUserhashes).toBe(true);
  expect(credentials.find('nobody')).toBeUndefined();
  expect(credentials.find('__proto__')).toBeUndefined();
  expect(credentials.findByUserhash(Buffer.alloc(32))).toBeUndefined();
});

it('refuses empty names and names that are there twice', () => {
  const password = 'pass';
  expect(() => new StaticCredentials('realm', [{ username: '', password }])).toThrow(RangeError);
  const twins = ['caf\u00e9', 'cafe\u0301'].map((username) => ({ username, password }));
  expect(() => new StaticCredentials('realm', twins)).toThrow(/two users/);
});
