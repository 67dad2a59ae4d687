import { eventually } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { mintToken, secondsFromNow, signToken, unsignedToken } from './support/access-token.ts';
import {
  expectInCall,
  expectPeople,
  expectText,
  isSwitchedOn,
  joinApp,
  openRoom,
} from './support/app-page.ts';
import { loadSdk } from './support/sdk-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

/** Long enough to join with, and shorter than a call. */
const BRIEF_SECONDS = 8;

const stage = useStage(() => startServerHere());

/** Opens the panel of the host, does something there, and closes it. */
async function atTheDoor(host: TestPage, act: () => Promise<void>): Promise<void> {
  await host.click('button', 'People');
  await act();
  await host.click('button', 'Close');
}

async function joinFromLobby(page: TestPage, name: string): Promise<void> {
  await page.fill('Your name', name);
  await page.click('button', /^Join|^Start|^Try again/u);
}

describe('the door in the app', () => {
  it('DOOR-4 DOOR-5 DOOR-11 keeps people out by lock and passcode, and says which; another one becomes host', async () => {
    const room = stage.newRoom();
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    await joinApp(ada, stage, { room, name: 'Ada' });
    await atTheDoor(ada, () => ada.click('switch', /^Lock the call/u));
    await openRoom(bob, stage, room);
    await joinFromLobby(bob, 'Bob');
    await expectText(bob, /This call is locked/u);

    await atTheDoor(ada, async () => {
      await ada.click('switch', /^Lock the call/u);
      await ada.fill('Passcode (4 or more characters)', 'sesame');
      await ada.click('button', 'Set passcode');
      await expectText(ada, /Newcomers need the passcode/u);
    });
    await joinFromLobby(bob, 'Bob');
    await expectText(bob, /This call has a passcode/u);
    await bob.fill('Passcode of this call', 'barley');
    await joinFromLobby(bob, 'Bob');
    await expectText(bob, /This is not the passcode/u);
    await bob.fill('Passcode of this call', 'sesame');
    await joinFromLobby(bob, 'Bob');
    await expectInCall(bob);
    await expectPeople(ada, ['Bob']);

    await atTheDoor(ada, () => ada.click('button', 'Make host: Bob'));
    await bob.click('button', 'People');
    await expectText(bob, /Who may come in/u);
  });

  it('DOOR-7 DOOR-8 DOOR-10 DOOR-9 lets a host decide who comes in, who is asked to mute, and who goes', async () => {
    const room = stage.newRoom();
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    await joinApp(ada, stage, { room, name: 'Ada' });
    await atTheDoor(ada, () => ada.click('switch', /^Ask before/u));
    await openRoom(bob, stage, room);
    await joinFromLobby(bob, 'Bob');
    await expectText(bob, /Asking to be let in/u);
    await ada.click('button', 'Refuse');
    await expectText(bob, /The host did not let you in/u);

    await openRoom(bob, stage, room);
    await joinFromLobby(bob, 'Bob');
    await expectText(bob, /Asking to be let in/u);
    await expectText(ada, /Bob wants to come in/u);
    await bob.click('button', 'Cancel');
    await joinFromLobby(bob, 'Bob');
    await ada.click('button', 'Admit');
    await expectInCall(bob);
    await expectPeople(ada, ['Bob']);

    await atTheDoor(ada, () => ada.click('button', 'Ask to mute: Bob'));
    await expectText(bob, /Ada asks you to mute/u);
    await bob.click('button', 'Mute');
    await expect.poll(() => isSwitchedOn(bob, 'Microphone')).toBe(false);

    await atTheDoor(ada, () => ada.click('button', 'Remove: Bob'));
    await expectText(bob, /You were removed from the call/u);
    await bob.click('button', 'Rejoin');
    await expectText(bob, /The host did not let you in/u);
  });

  it('DOOR-12 lets a host reload the page', async () => {
    const room = stage.newRoom();
    const ada = await stage.open('chromium');
    await joinApp(ada, stage, { room, name: 'Ada' });
    await atTheDoor(ada, () => ada.click('switch', /^Lock the call/u));
    await joinApp(ada, stage, { room, name: 'Ada' });
    await ada.click('button', 'People');
    await expectText(ada, /Who may come in/u);
  });
});

describe('the door in the SDK', () => {
  it('DOOR-4 DOOR-5 DOOR-7 DOOR-9 gives each refusal its code, and lets in whom it should', async () => {
    const page = await stage.open('chromium');
    await loadSdk(page, stage.server.url);
    const outcomes = await page.evaluate(async (name) => {
      const { parley } = window;
      if (parley === undefined) throw new Error('The SDK is not in this page');
      const { host } = await parley.createClient().join(name, { name: 'Ada' });
      const seen: string[] = [];
      const join = async (passcode?: string): Promise<void> => {
        const client = parley.createClient();
        try {
          const room = await client.join(name, {
            passcode,
            onWaiting: () => seen.push('waiting'),
          });
          seen.push(`in as ${room.snapshot.door?.role}`);
          room.on('closed', ({ reason }) => seen.push(reason));
          await host.remove(room.self.id);
          while (room.snapshot.state !== 'closed') await new Promise((done) => setTimeout(done, 5));
          await client.join(name, { passcode, session: room.session });
        } catch (error) {
          seen.push(error instanceof parley.ParleyError ? error.code : String(error));
        }
        await client.close();
      };
      await host.setDoor({ locked: true });
      await join();
      await host.setDoor({ locked: false, passcode: 'sesame' });
      await join();
      await join('barley');
      await join('sesame');
      await host.setDoor({ passcode: null });
      await join();
      return seen;
    }, stage.newRoom());
    expect(outcomes).toEqual([
      'ERR_ROOM_LOCKED',
      'ERR_PASSCODE_WANTED',
      'ERR_PASSCODE_WRONG',
      'in as guest',
      'removed',
      'ERR_ENTRY_REFUSED',
      'in as guest',
      'removed',
      'ERR_ENTRY_REFUSED',
    ]);
  });

  it('DOOR-7 DOOR-8 knocks, and hears what a host has decided', async () => {
    const page = await stage.open('chromium');
    await loadSdk(page, stage.server.url);
    const outcomes = await page.evaluate(async (name) => {
      const { parley } = window;
      if (parley === undefined) throw new Error('The SDK is not in this page');
      const room = await parley.createClient().join(name, { name: 'Ada' });
      await room.host.setDoor({ knock: true });
      const seen: string[] = [];
      room.on('knock', ({ id, name: who }) => {
        seen.push(`${who} knocks`);
        void (who === 'Bob' ? room.host.admit(id) : room.host.refuse(id));
      });
      for (const who of ['Bob', 'Eve']) {
        const onWaiting = (): void => void seen.push(`${who} waits`);
        await parley
          .createClient()
          .join(name, { name: who, onWaiting })
          .then(
            () => seen.push(`${who} is in`),
            (error: unknown) => seen.push(String(Reflect.get(Object(error), 'code'))),
          );
      }
      return seen.filter((line) => !line.endsWith('waits'));
    }, stage.newRoom());
    expect(outcomes).toEqual(['Bob knocks', 'Bob is in', 'Eve knocks', 'ERR_ENTRY_REFUSED']);
  });
});

describe('a server that asks for access tokens', () => {
  const apiKey = 'what-the-application-shows-to-get-tokens';
  const auth = { secret: 'the key that an application shares with us', apiKey, graceSeconds: 8 };
  const guarded = useStage(() => startServerHere({ auth }));

  /** For another room, ended, by another key, without a signature, and no token at all. */
  const uselessTokens = (room: string): string[] => {
    const exp = secondsFromNow(600);
    return [
      signToken(auth.secret, { room: 'elsewhere', exp }),
      signToken(auth.secret, { room, exp: secondsFromNow(-60) }),
      signToken('a key that somebody else has made up', { room, exp, role: 'host' }),
      unsignedToken({ room, exp, role: 'host' }),
      'forged',
    ];
  };

  it('TOKEN-1 TOKEN-3 TOKEN-4 TOKEN-5 TOKEN-7 opens the app to whoever was invited, and to nobody else', async () => {
    const room = guarded.newRoom();
    const page = await guarded.open('chromium');
    const link = `${guarded.server.url}/r/${encodeURIComponent(room)}`;
    await openRoom(page, guarded, room);
    await joinFromLobby(page, 'Eve');
    await expectText(page, /This call needs an invitation/u);
    const token = await mint({ room, name: 'Ada', once: true });
    await page.goto('about:blank');
    await page.goto(`${link}#t=${token}`);
    await page.click('button', /^Join|^Start/u);
    await expectInCall(page);
    expect(await page.evaluate(() => location.href, undefined)).toBe(link);

    const eve = await guarded.open('chromium');
    for (const useless of [token, ...uselessTokens(room)]) {
      await eve.goto('about:blank');
      await eve.goto(`${link}#t=${useless}`);
      await joinFromLobby(eve, 'Eve');
      await expectText(eve, /This call needs an invitation/u);
    }
    await expectPeople(page, []);
  });

  it('TOKEN-1 TOKEN-2 TOKEN-3 TOKEN-4 TOKEN-5 TOKEN-7 TOKEN-13 shows the tokens of the SDK', async () => {
    const room = guarded.newRoom();
    const page = await guarded.open('chromium');
    await loadSdk(page, guarded.server.url);
    const good = await mint({ room, name: 'Ada', role: 'host' });
    const once = await mint({ room, role: 'guest', once: true });
    const outcomes = await page.evaluate(
      async ({ name, tokens }) => {
        const seen: string[] = [];
        for (const token of tokens) {
          const client = window.parley?.createClient({
            auth: () => {
              if (token === 'none') throw new Error('logged out');
              return token;
            },
          });
          await client?.prepare(name).then(
            () => seen.push('ready'),
            (error: unknown) => seen.push(`not ready: ${Reflect.get(Object(error), 'code')}`),
          );
          try {
            const joined = await client?.join(name, { name: 'Mallory' });
            seen.push(`${joined?.self.name} is ${joined?.snapshot.door?.role}`);
          } catch (error) {
            seen.push(String(Reflect.get(Object(error), 'code')));
          }
          await client?.close();
        }
        return seen;
      },
      { name: room, tokens: [...uselessTokens(room), 'none', good, once, once] },
    );
    expect(outcomes).toEqual([
      'not ready: ERR_TOKEN_ROOM',
      'ERR_TOKEN_ROOM',
      'not ready: ERR_TOKEN_EXPIRED',
      'ERR_TOKEN_EXPIRED',
      'not ready: ERR_TOKEN_INVALID',
      'ERR_TOKEN_INVALID',
      'not ready: ERR_TOKEN_INVALID',
      'ERR_TOKEN_INVALID',
      'not ready: ERR_TOKEN_INVALID',
      'ERR_TOKEN_INVALID',
      'not ready: ERR_AUTH',
      'ERR_AUTH',
      'ready',
      'Ada is host',
      'ready',
      'Mallory is guest',
      'not ready: ERR_TOKEN_USED',
      'ERR_TOKEN_USED',
    ]);
  });

  it('TOKEN-10 TOKEN-12 goes on with the tokens that follow, and ends for whoever has no other', async () => {
    const room = guarded.newRoom();
    const [ada, bob] = await Promise.all([guarded.open('chromium'), guarded.open('chromium')]);
    await loadSdk(ada, guarded.server.url);
    await ada.evaluate(
      async ({ name, key, ttlSeconds }) => {
        const askForToken = async (): Promise<string> => {
          const response = await fetch('/api/tokens', {
            method: 'POST',
            headers: { Authorization: `Bearer ${key}` },
            body: JSON.stringify({ room: name, name: 'Ada', ttlSeconds }),
          });
          const { token } = await response.json();
          return String(token);
        };
        const client = window.parley?.createClient({ auth: askForToken });
        const joined = await client?.join(name);
        if (client && joined) window.call = { client, room: joined };
      },
      { name: room, key: apiKey, ttlSeconds: BRIEF_SECONDS },
    );
    const token = await mint({ room, name: 'Bob', ttlSeconds: BRIEF_SECONDS });
    await bob.goto(`${guarded.server.url}/r/${encodeURIComponent(room)}#t=${token}`);
    await bob.click('button', /^Join|^Start/u);
    await expectPeople(bob, ['Ada']);
    // Both tokens have ended when the server sends Bob out; Ada has shown others meanwhile.
    await eventually(
      'the word that the access has ended',
      () => bob.evaluate(() => document.body.innerText, undefined),
      (text) => text.includes('Your access to this call has ended'),
      { deadlineMs: 90_000 },
    );
    const left = await ada.evaluate(() => {
      const { state, peers } = window.call?.room.snapshot ?? {};
      return { state, people: peers?.length };
    }, undefined);
    expect(left).toEqual({ state: 'connected', people: 0 });
  });

  function mint(wanted: object): Promise<string> {
    return mintToken(guarded.server.url, apiKey, wanted);
  }
});
