import {
  eventually,
  expectConnected,
  expectPicture,
  expectSound,
  readConnections,
  readCallConnections,
  readOpenConnections,
} from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './support/accessibility.ts';
import {
  expectInCall,
  expectNoText,
  expectPeople,
  expectText,
  isSwitchedOn,
  JOIN,
  joinApp,
  meetInApp,
  joinAs,
  openRoom,
  readTiles,
} from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

const ROUNDS = 50;
const GLARE_ROUNDS = 5;
const TEN_MINUTES_MS = 600_000;

/** The next ten minutes that this page waits for pass at once. */
async function passTenMinutes(page: TestPage): Promise<void> {
  await page.evaluate((tenMinutesMs) => {
    const wait = window.setTimeout;
    window.setTimeout = new Proxy(wait, {
      apply: (target, _self, [run, delayMs, ...rest]: unknown[]): unknown => {
        const isMeant = delayMs === tenMinutesMs;
        if (isMeant) window.setTimeout = wait;
        return Reflect.apply(target, window, [run, isMeant ? 0 : delayMs, ...rest]);
      },
    });
  }, TEN_MINUTES_MS);
}

/** As a phone does; keeps the address that was to be shared. */
async function offerShareSheet(page: TestPage): Promise<void> {
  await page.evaluate(() => {
    navigator.share = async (shared) => {
      document.body.dataset['shared'] = shared?.url;
    };
  }, undefined);
}

/** Waits until exactly these people are played aloud. */
async function expectHeard(page: TestPage, names: readonly string[]): Promise<void> {
  await eventually(
    `the sound of ${names.join(' and ') || 'nobody'}`,
    () =>
      page.evaluate(() => {
        const players = [...document.querySelectorAll<HTMLAudioElement>('[data-peer] audio')];
        const heard = players.filter(({ muted, paused }) => !muted && !paused);
        return heard.map((player) => player.closest<HTMLElement>('[data-peer]')?.ariaLabel);
      }, undefined),
    (heard) => heard.join() === names.join(),
  );
}

describe('coming and going', () => {
  const stage = useStage(startServerHere);

  async function expectEmptyServer(): Promise<void> {
    await eventually(
      'no room and nobody in it',
      () => stage.server.stats,
      ({ rooms, peers }) => rooms === 0 && peers === 0,
    );
  }

  it('joining at the same moment ends in one call, every time', async () => {
    const room = stage.newRoom();
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    const pages = [ada, bob];
    await Promise.all(pages.map((page) => openRoom(page, stage, room)));
    await Promise.all([joinAs(ada, 'Ada'), joinAs(bob, 'Bob')]);
    for (let round = 1; round < GLARE_ROUNDS; round += 1) {
      await Promise.all(pages.map((page) => expectPicture(page)));
      await Promise.all(pages.map((page) => page.click('button', 'Leave')));
      await Promise.all(pages.map((page) => page.click('button', 'Rejoin')));
    }
    await Promise.all([expectPeople(ada, ['Bob']), expectPeople(bob, ['Ada'])]);
    await Promise.all(pages.map((page) => expectPicture(page)));
    await Promise.all(pages.map((page) => expectSound(page)));
  });

  it(`${ROUNDS} times joining and leaving leave nothing behind`, async () => {
    const room = stage.newRoom();
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    for (let round = 1; round < ROUNDS; round += 1) {
      // Every second time there is not even time for the connection to come up.
      if (round % 2 === 0) await Promise.all([expectConnected(ada), expectConnected(bob)]);
      await bob.click('button', 'Leave');
      await expectPeople(ada, []);
      expect(await readOpenConnections(bob)).toEqual([]);
      await bob.click('button', 'Rejoin');
      await expectInCall(bob);
      await Promise.all([expectPeople(ada, ['Bob']), expectPeople(bob, ['Ada'])]);
    }
    await Promise.all([expectPicture(ada), expectPicture(bob), expectSound(ada), expectSound(bob)]);
    expect(await readCallConnections(ada)).toHaveLength(1);
    await Promise.all([ada.click('button', 'Leave'), bob.click('button', 'Leave')]);
    await expectEmptyServer();
    for (const page of [ada, bob]) {
      const connections = await readConnections(page);
      expect(connections.length).toBeGreaterThanOrEqual(ROUNDS);
      expect(connections.filter(({ state }) => state !== 'closed')).toEqual([]);
    }
  });

  it('a tab that closes without a word is gone for the other person', async () => {
    const room = stage.newRoom();
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    await expectPicture(ada);
    await bob.close();
    await expectPeople(ada, []);
    expect(await readCallConnections(ada)).toEqual([]);
    await expectText(ada, /You're the only one here/u);
    await ada.close();
    await expectEmptyServer();
  });

  it.each(['chromium', 'firefox'] as const)(
    'a reload in the middle, in %s: no ghost for the other one; name, role and chat as before',
    async (browser) => {
      const room = stage.newRoom();
      const [ada, bob] = [await stage.open(browser), await stage.open('chromium')];
      await meetInApp(stage, room, { Ada: ada, Bob: bob });
      await Promise.all([expectPicture(ada), expectPicture(bob)]);
      await bob.click('button', 'Chat');
      await bob.fill('Message to everybody', 'before the reload');
      await bob.click('button', 'Send');

      await openRoom(ada, stage, room);
      await expectPeople(bob, []);
      await expectText(ada, /Bob is here/u);
      await ada.click('button', JOIN);
      await Promise.all([expectPeople(ada, ['Bob']), expectPeople(bob, ['Ada'])]);
      await Promise.all([ada, bob].flatMap((page) => [expectPicture(page), expectSound(page)]));
      expect(await readCallConnections(bob)).toHaveLength(1);
      await ada.click('button', 'Chat');
      await expectText(ada, /before the reload/u);
      await ada.click('button', 'People');
      await expectText(ada, /Who may come in/u);
    },
  );

  it.each(['chromium', 'firefox'] as const)(
    'two tabs of one person in %s are two in the call without an echo, and the role stays with the first',
    async (browser) => {
      const room = stage.newRoom();
      const [ada, bob] = [await stage.open(browser), await stage.open('chromium')];
      await meetInApp(stage, room, { Ada: ada, Bob: bob });
      const second = await stage.duplicate(ada);
      await expectText(second, /Ada and Bob are here/u);
      await second.click('button', JOIN);
      await Promise.all([
        expectPeople(bob, ['Ada', 'Ada']),
        expectPeople(ada, ['Ada', 'Bob']),
        expectPeople(second, ['Ada', 'Bob']),
      ]);
      await Promise.all([ada, bob, second].map((page) => expectPicture(page, 2)));
      await expectText(second, /Turn sound on[^]*You are in this call in another tab, too/u);
      await expectAccessible(second, 'a second tab');
      expect(await isSwitchedOn(second, 'Microphone')).toBe(false);
      await Promise.all([expectHeard(ada, ['Bob']), expectHeard(second, [])]);
      await second.click('button', 'Turn sound on');
      await second.click('switch', 'Microphone');
      await Promise.all([
        expectHeard(ada, ['Bob']),
        expectHeard(second, ['Bob']),
        expectHeard(bob, ['Ada', 'Ada']),
      ]);
      await second.click('button', 'People');
      await expectText(second, /Host/u);
      expect(await second.evaluate(() => document.body.innerText, undefined)).not.toMatch(
        /Who may come in/u,
      );

      await second.press('Escape');
      await second.click('button', 'Leave here');
      await expectText(second, /You left the call/u);
      await Promise.all([expectPeople(bob, ['Ada']), expectPeople(ada, ['Bob'])]);
      await Promise.all([expectPicture(ada), expectPicture(bob)]);
      await ada.click('button', 'People');
      await expectText(ada, /Who may come in/u);
    },
  );

  it('a name with markup in it is shown as the text it is', async () => {
    const room = stage.newRoom();
    const name = '<img src="x" onerror="window.hacked=1"><b>Bob</b> & {{7*7}}';
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    await joinApp(ada, stage, { room, name: 'Ada' });
    await joinApp(bob, stage, { room, name });
    await expectPeople(ada, [name]);
    await expectPicture(ada);
    const [tile] = await readTiles(ada);
    expect(tile?.caption).toContain(name);
    const harm = await ada.evaluate(() => {
      const added = document.querySelectorAll('[data-peer] img, [data-peer] b').length;
      return { added, ran: 'hacked' in window };
    }, undefined);
    expect(harm).toEqual({ added: 0, ran: false });
  });
});

describe('a room for two', () => {
  const stage = useStage(() => startServerHere({ maxPeers: 2 }));

  it('tells a third person that it is full, and lets them in when somebody has left', async () => {
    const room = stage.newRoom();
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    await openRoom(ada, stage, room);
    await expectText(ada, /Nobody else is here yet[\s\S]*Start the call/u);
    await passTenMinutes(ada);
    await offerShareSheet(ada);
    await joinAs(ada, 'Ada');
    await ada.click('button', 'Share the link');
    const link = `${stage.server.url}/r/${encodeURIComponent(room)}`;
    expect(await ada.evaluate(() => document.body.dataset['shared'], undefined)).toBe(link);
    await expectText(ada, /Are you still there[^]*The call ends in [12]:\d\d/u);
    await expectAccessible(ada, 'the question to who is alone');
    await ada.click('button', 'Stay');
    await expectNoText(ada, /still there/u);
    const eve = await stage.open('chromium');
    await openRoom(eve, stage, room);
    await expectText(eve, /Ada is here[\s\S]*Join/u);
    await joinApp(bob, stage, { room, name: 'Bob' });
    await expectText(eve, /Ada and Bob are here/u);
    await eve.fill('Your name', 'Eve');
    await eve.click('button', JOIN);
    await expectText(eve, /This call is full/u);
    await Promise.all([expectPicture(ada), expectPicture(bob)]);
    expect(await readOpenConnections(eve)).toEqual([]);

    await bob.click('button', 'Leave');
    await expectPeople(ada, []);
    await eve.click('button', 'Try again');
    await Promise.all([expectPeople(ada, ['Eve']), expectPicture(ada), expectPicture(eve)]);
  });
});
