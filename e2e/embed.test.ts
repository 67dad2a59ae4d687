import {
  eventually,
  expectConnected,
  expectPicture,
  expectSilence,
  expectSound,
} from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import {
  expectAvatar,
  expectPeople,
  expectText,
  isSwitchedOn,
  joinApp,
} from './support/app-page.ts';
import { startHostSite } from './support/host-page.ts';
import type { HostSite } from './support/host-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

describe('a call in a page of another origin', () => {
  let [named, stranger]: (HostSite | undefined)[] = [];

  const stage = useStage(
    async () => {
      named = await startHostSite(() => stage.server.url);
      stranger = await startHostSite(() => stage.server.url);
      return startServerHere({ allowEmbeds: [named.url] });
    },
    { refusesFrames: true },
  );

  afterAll(async () => {
    await Promise.all([named?.close(), stranger?.close()]);
  });

  it.each(['chromium', 'firefox'] as const)(
    'works by the commands of that page, in %s',
    async (browser) => {
      const room = 'office-hours';
      const host = await stage.open(browser);
      await host.goto(named?.url ?? '');
      await expectText(host, /lobby, 0 others, microphone on/u);
      const bob = await stage.open('chromium');
      await joinApp(bob, stage, { room, name: 'Bob' });
      await host.click('button', 'Join as Ada');
      await expectText(host, /joined[\s\S]*Bob came/u);

      const frame = await host.frame();
      await expectPeople(bob, ['Ada']);
      await Promise.all([bob, frame].map((page) => expectConnected(page)));
      await Promise.all([bob, frame].flatMap((page) => [expectPicture(page), expectSound(page)]));

      await host.click('button', 'Mute');
      await expectText(host, /call, 1 others, microphone off/u);
      await expectSilence(bob);
      expect(await isSwitchedOn(frame, 'Microphone')).toBe(false);
      await host.click('button', 'Camera off');
      await expectAvatar(bob, true);

      await frame.click('switch', 'Microphone');
      await expectText(host, /call, 1 others, microphone on/u);
      expect(await accentOf(frame)).toBe('rgb(107, 47, 179)');

      await host.evaluate(async () => {
        const call = document.querySelector('parley-call');
        const does = (name: string): unknown => Reflect.get(call ?? {}, name);
        const [setHand, sendChat] = [does('setHand'), does('sendChat')];
        if (typeof setHand !== 'function' || typeof sendChat !== 'function') return;
        await setHand.call(call, true);
        await sendChat.call(call, 'from the page around');
      }, undefined);
      await expectText(bob, /Hand raised/u);
      await bob.click('button', /^Chat/u);
      await expectText(bob, /Ada[\s\S]*from the page around/u);

      await bob.click('button', 'Leave');
      await expectText(host, /Bob went/u);
      await host.click('button', 'Hang up');
      await expectText(host, /left: left/u);
      await expectText(frame, /You left the call/u);
      expect(await namesOf(frame, 'button'), 'nothing leads out of the page').not.toContain('Home');
    },
  );

  it('is not shown to a page that the server does not name', async () => {
    const host = await stage.open('chromium');
    await host.goto(stranger?.url ?? '');
    await eventually(
      'the word of the browser that the frame is refused',
      () => host.errors.some((error) => /frame-ancestors/u.test(error)),
      Boolean,
    );
    await expectText(host, /The call is loading/u);
  });
});

/** The colour of the page around, as the frame has it. */
function accentOf(frame: TestPage): Promise<string> {
  return frame.evaluate(
    () => document.documentElement.style.getPropertyValue('--accent'),
    undefined,
  );
}

/** Names of what is on screen. */
function namesOf(page: TestPage, selector: string): Promise<string[]> {
  return page.evaluate((target) => {
    const all = [...document.querySelectorAll<HTMLElement>(target)];
    return all
      .filter((element) => element.checkVisibility())
      .map(({ innerText }) => innerText.trim());
  }, selector);
}
