import { parseRoomName } from '@parley/protocol';
import type { RoomName } from '@parley/protocol';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { AccessTokens } from './access-tokens.ts';
import type { SpentToken } from './access-tokens.ts';
import type { AuthOptions } from './auth-options.ts';

const SECRET = 'the key that an application shares with us';
const NOW = 1_700_000_000;

function roomName(text: string): RoomName {
  const name = parseRoomName(text);
  if (name === undefined) throw new Error(`no room: ${text}`);
  return name;
}
const DAILY = roomName('daily');

function setUp(auth: AuthOptions = {}) {
  let now = NOW;
  const access = new AccessTokens({ auth: { secret: SECRET, ...auth }, unixSeconds: () => now });
  return { access, wait: (seconds: number) => (now += seconds) };
}

function sign(payload: object, { secret = SECRET, alg = 'HS256' } = {}): Promise<string> {
  const claims = { exp: NOW + 60, ...payload };
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
}

function unsigned(header: object, payload: object): string {
  const parts = [header, payload].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${parts.join('.')}.`;
}

const refused = (code: string) => ({ ok: false, error: { code } });

describe('access tokens', () => {
  it('TOKEN-1 TOKEN-2 say who may come where, and until when', async () => {
    const { access } = setUp();
    const token = await sign({ room: ' daily ', name: 'A\u202eda', role: 'host' });
    expect(await access.check(token, DAILY)).toMatchObject({
      ok: true,
      name: 'Ada',
      standing: 'host',
      endsAtSeconds: NOW + 60,
    });
    expect(await access.check(await sign({}), DAILY)).toMatchObject({ ok: true, name: undefined });
    expect(await access.check(await sign({ role: 'admin' }), DAILY)).toMatchObject({
      ok: true,
      standing: undefined,
    });
    expect(await access.check(undefined, DAILY)).toMatchObject(refused('ERR_TOKEN_WANTED'));
  });

  it('NODE-9 are spent at every node', async () => {
    const told: SpentToken[] = [];
    const auth = { secret: SECRET };
    const onSpent = (spent: SpentToken): number => told.push(spent);
    const here = new AccessTokens({ auth, unixSeconds: () => NOW, onSpent });
    const { access: there } = setUp();
    const token = await sign({ once: true, jti: 'one' });
    const granted = await here.check(token, DAILY);
    expect(granted.ok && here.spend(granted)).toBeUndefined();
    for (const spent of told) there.noteSpent(spent);
    expect(await there.check(token, DAILY)).toMatchObject(refused('ERR_TOKEN_USED'));
  });

  it('TOKEN-3 is good for its own room only', async () => {
    const { access } = setUp();
    for (const room of ['other', '', 7, ['daily']]) {
      const verdict = await access.check(await sign({ room }), DAILY);
      expect(verdict).toMatchObject(refused('ERR_TOKEN_ROOM'));
    }
  });

  it('TOKEN-4 ends, and has to say when', async () => {
    const { access, wait } = setUp();
    const token = await sign({});
    wait(64);
    expect(await access.check(token, DAILY)).toMatchObject({ ok: true });
    wait(1);
    expect(await access.check(token, DAILY)).toMatchObject(refused('ERR_TOKEN_EXPIRED'));
    const endless = await sign({ exp: undefined });
    expect(await access.check(endless, DAILY)).toMatchObject(refused('ERR_TOKEN_INVALID'));
  });

  it('TOKEN-5 is refused without a signature of ours, always with the same words', async () => {
    const { access } = setUp();
    const payload = { room: 'daily', exp: NOW + 60 };
    const good = await sign(payload);
    const [header = '', body = '', signature = ''] = good.split('.');
    const forged = [
      '',
      'nonsense',
      'a.b.c',
      unsigned({ alg: 'none' }, payload),
      unsigned({ alg: 'None' }, payload),
      unsigned({ alg: 'HS256' }, payload),
      `${header}.${body}.`,
      `${header}.${Buffer.from('{"room":"daily","exp":9e9}').toString('base64url')}.${signature}`,
      await sign(payload, { secret: 'some other key that is as long as ours' }),
      await sign(payload, { secret: `${SECRET}${SECRET}`, alg: 'HS384' }),
      await sign({ ...payload, nbf: NOW + 60 }),
    ];
    const verdicts = await Promise.all(forged.map((token) => access.check(token, DAILY)));
    const [first] = verdicts;
    expect(first).toMatchObject(refused('ERR_TOKEN_INVALID'));
    expect(verdicts).toEqual(forged.map(() => first));
  });

  it('TOKEN-6 is refused when it comes from somebody else, or is meant for somebody else', async () => {
    const { access } = setUp({ issuer: 'https://app.example', audience: 'parley' });
    const check = async (payload: object) => access.check(await sign(payload), DAILY);
    expect(await check({ iss: 'https://app.example', aud: ['parley', 'x'] })).toMatchObject({
      ok: true,
    });
    expect(await check({ iss: 'https://app.example', aud: 'x' })).toMatchObject(
      refused('ERR_TOKEN_INVALID'),
    );
    expect(await check({ iss: 'https://evil.example', aud: 'parley' })).toMatchObject(
      refused('ERR_TOKEN_INVALID'),
    );
  });

  it('TOKEN-7 lets one person in when it is good for one join', async () => {
    const { access } = setUp();
    const token = await sign({ once: true, jti: 'link 1' });
    const granted = [await access.check(token, DAILY), await access.check(token, DAILY)];
    const spent = granted.map((grant) => (grant.ok ? access.spend(grant) : grant));
    expect(spent).toEqual([undefined, expect.objectContaining({ ok: false })]);
    expect(await access.check(token, DAILY)).toMatchObject(refused('ERR_TOKEN_USED'));
    const again = await sign({ once: true, jti: 'link 1', name: 'Eve' });
    expect(await access.check(again, DAILY)).toMatchObject(refused('ERR_TOKEN_USED'));
    const nameless = await sign({ once: true });
    expect(await access.check(nameless, DAILY)).toMatchObject(refused('ERR_TOKEN_INVALID'));
  });

  it('TOKEN-8 is worth nothing after its bearer was sent away', async () => {
    const { access } = setUp();
    const token = await sign({});
    const granted = await access.check(token, DAILY);
    if (granted.ok) access.revoke(granted);
    expect(await access.check(token, DAILY)).toMatchObject(refused('ERR_TOKEN_USED'));
    expect(await access.check(await sign({ name: 'Bob' }), DAILY)).toMatchObject({ ok: true });
  });
});
