import { ParleyError } from '@parley/protocol';
import type { Authenticated } from '@parley/protocol';
import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { settle } from '../testing/settle.ts';
import { SILENT_LOGGER } from '../logger.ts';
import { AccessToken } from './access-token.ts';
import type { AccessTokenOptions } from './access-token.ts';

const inAMinute = (): Authenticated => ({ ok: true, tokenEndsInMs: 60_000 });

function setUp(auth: AccessTokenOptions['auth']) {
  const clock = new FakeClock();
  const setTimer = (callback: () => void, delayMs: number) => {
    const timer = clock.setTimeout(callback, delayMs);
    return () => clock.clearTimeout(timer);
  };
  const access = new AccessToken({ auth, setTimer, logger: SILENT_LOGGER });
  const shown: string[] = [];
  let answer = inAMinute;
  const follow = (endsInMs: number | undefined): void =>
    access.follow(endsInMs, (token) => {
      shown.push(token);
      return Promise.resolve().then(answer);
    });
  const wait = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settle();
  };
  return {
    clock,
    access,
    shown,
    follow,
    wait,
    answerWith: (next: typeof answer) => (answer = next),
  };
}

function refuseWith(code: string): () => never {
  return () => {
    throw new ParleyError(code, 'No.');
  };
}

describe('an access token', () => {
  it('may be a text, or come from a function, now or later', async () => {
    expect(await setUp('t').access.get()).toBe('t');
    expect(await setUp(() => 't').access.get()).toBe('t');
    expect(await setUp(() => Promise.resolve('t')).access.get()).toBe('t');
  });

  it('is the same one for several looks before a call, and another one for each join', async () => {
    let count = 0;
    const { access } = setUp(() => `token ${(count += 1)}`);
    const looks: string[] = [];
    for (let look = 0; look < 9; look += 1) looks.push(await access.peek());
    expect(looks).toEqual([...Array<string>(8).fill('token 1'), 'token 2']);
    expect([await access.get(), await access.get()]).toEqual(['token 3', 'token 4']);
    expect(await access.peek()).toBe('token 2');
  });

  it('is asked for again at the next look when the application had none', async () => {
    let isLoggedIn = false;
    const { access } = setUp(() => {
      if (!isLoggedIn) throw new Error('logged out');
      return 't';
    });
    await expect(access.peek()).rejects.toMatchObject({ code: 'ERR_AUTH' });
    isLoggedIn = true;
    expect(await access.peek()).toBe('t');
  });

  it('says so when the application has none', async () => {
    const cause = new Error('logged out');
    await expect(setUp(() => Promise.reject(cause)).access.get()).rejects.toMatchObject({
      code: 'ERR_AUTH',
      cause,
    });
  });

  it('is renewed before it ends, again and again', async () => {
    let count = 0;
    const { shown, follow, wait, access, clock } = setUp(() => `token ${(count += 1)}`);
    follow(60_000);
    await wait(44_999);
    expect(shown).toEqual([]);
    await wait(1);
    await wait(45_000);
    expect(shown).toEqual(['token 1', 'token 2']);
    access.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('is tried again when the application or the server has failed', async () => {
    let isLoggedIn = false;
    const { shown, follow, wait, answerWith } = setUp(() => {
      if (!isLoggedIn) throw new Error('logged out');
      return 't';
    });
    follow(4_000);
    await wait(3_000);
    isLoggedIn = true;
    answerWith(refuseWith('ERR_SERVER_UNREACHABLE'));
    await wait(5_000);
    answerWith(inAMinute);
    await wait(5_000);
    expect(shown).toEqual(['t', 't']);
  });

  it('is of no interest outside a room, or where nobody asks for one', async () => {
    const { follow, wait, clock, answerWith } = setUp('t');
    follow(undefined);
    expect(clock.pendingTimers).toBe(0);
    follow(4_000);
    answerWith(refuseWith('ERR_ROOM_NOT_JOINED'));
    await wait(3_000);
    expect(clock.pendingTimers).toBe(0);
  });
});
