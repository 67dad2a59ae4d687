import { eventually, expectSilence, expectSound } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { expectAnnounced, expectElement, isSwitchedOn, joinApp } from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

/** Holds the space bar down, or lets it go. */
async function moveSpaceBar(page: TestPage, type: 'keydown' | 'keyup'): Promise<void> {
  await page.evaluate((kind) => {
    const key = { key: ' ', code: 'Space', bubbles: true, cancelable: true };
    document.body.dispatchEvent(new KeyboardEvent(kind, key));
  }, type);
}

/** The microphone in use is pulled out. */
async function pullMicrophone(page: TestPage): Promise<void> {
  await page.evaluate(() => {
    const senders = (window.rtcProbe?.connections ?? []).flatMap((one) => one.getSenders());
    const track = senders.find((sender) => sender.track?.kind === 'audio')?.track;
    track?.stop();
    track?.dispatchEvent(new Event('ended'));
  }, undefined);
}

/** The browser says that its connections are in this state; `undefined`: says what is true. */
async function showLink(page: TestPage, state: string | undefined): Promise<void> {
  await page.evaluate((value) => {
    for (const connection of window.rtcProbe?.connections ?? []) {
      Reflect.deleteProperty(connection, 'connectionState');
      if (value !== undefined && connection.connectionState === 'connected') {
        Object.defineProperty(connection, 'connectionState', { configurable: true, value });
      }
      connection.dispatchEvent(new Event('connectionstatechange'));
    }
  }, state);
}

describe('keys and devices in a call', () => {
  const stage = useStage(startServerHere);

  it('Space is held to talk, keys are chosen anew, a speaker is chosen, a lost microphone is replaced', async () => {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([stage.open('chromium'), stage.open('chromium')]);
    await joinApp(ada, stage, { room, name: 'Ada', camera: 'off' });
    await joinApp(bob, stage, { room, name: 'Bob', camera: 'off' });
    await expectSound(bob);

    await showLink(ada, 'disconnected');
    await expectAnnounced(ada, /^Bob: Reconnecting…/u);
    await showLink(ada, undefined);
    await expectAnnounced(ada, /^Bob: Connected again/u);

    await pullMicrophone(ada);
    await eventually('a microphone again', () => isSwitchedOn(ada, 'Microphone'), Boolean);
    await expectSound(bob);

    const readTitle = (): Promise<string> => ada.evaluate(() => document.title, undefined);
    expect(await readTitle()).not.toMatch(/muted/u);
    await ada.click('switch', 'Microphone');
    await expectSilence(bob);
    expect(await readTitle()).toMatch(/^\(muted\) room/u);
    await moveSpaceBar(ada, 'keydown');
    await expectSound(bob);
    expect(await isSwitchedOn(ada, 'Microphone')).toBe(true);
    await moveSpaceBar(ada, 'keyup');
    await expectSilence(bob);
    expect(await isSwitchedOn(ada, 'Microphone')).toBe(false);

    await ada.click('button', 'More');
    await ada.click('button', 'Settings');
    await ada.click('button', /^Mute or unmute: M\./u);
    await ada.press('v');
    await expectElement(ada, 'button[aria-label^="Mute or unmute: V."]');
    await expectElement(ada, 'button[aria-label^="Camera on or off: M."]');
    await ada.press('v');
    await eventually('unmuted by V', () => isSwitchedOn(ada, 'Microphone'), Boolean);

    const speaker = await ada.evaluate(() => {
      const list = [...document.querySelectorAll('label')].find(({ innerText }) =>
        innerText.startsWith('Speaker'),
      );
      return [...(list?.querySelectorAll('option') ?? [])].at(-1)?.value ?? '';
    }, undefined);
    expect(speaker).not.toBe('');
    await ada.select('Speaker', speaker);
    await eventually(
      'Bob on the chosen speaker',
      () =>
        ada.evaluate(
          () => document.querySelector<HTMLAudioElement>('[data-peer] audio')?.sinkId,
          undefined,
        ),
      (sink) => sink === speaker,
    );
    await expectSound(ada);
  });
});
