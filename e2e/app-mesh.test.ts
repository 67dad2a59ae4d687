import {
  expectConnected,
  expectPicture,
  expectSilence,
  expectSound,
  readOpenConnections,
} from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { expectPeople, joinApp, openRoom, joinAs } from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

const NAMES = ['Ada', 'Bob', 'Eve'] as const;

async function expectEverybodyMeets(pages: readonly TestPage[]): Promise<void> {
  await Promise.all(
    pages.map(async (page, index) => {
      await expectPeople(
        page,
        NAMES.filter((_, other) => other !== index),
      );
      await expectConnected(page, 2);
      await expectPicture(page, 2);
      await expectSound(page, 2);
    }),
  );
}

describe('three people in one room', () => {
  const stage = useStage(startServerHere);

  async function openThree(): Promise<[TestPage, TestPage, TestPage]> {
    return [
      await stage.open('chromium'),
      await stage.open('chromium'),
      await stage.open('chromium'),
    ];
  }

  it('everybody sees and hears both others, and two go on when one leaves', async () => {
    const room = stage.newRoom();
    const pages = await openThree();
    const [ada, bob, eve] = pages;
    for (const [index, page] of pages.entries()) {
      await joinApp(page, stage, { room, name: NAMES[index] ?? '' });
    }
    await expectEverybodyMeets(pages);

    await bob.click('switch', 'Microphone');
    await bob.click('switch', 'Camera');
    await eve.click('button', 'Leave');
    await Promise.all([expectPeople(ada, ['Bob']), expectPeople(bob, ['Ada'])]);
    await Promise.all([expectSilence(ada), expectPicture(bob), expectSound(bob)]);
    expect(await readOpenConnections(eve)).toEqual([]);
  });

  it('joining at the same moment ends in the same call', async () => {
    const room = stage.newRoom();
    const pages = await openThree();
    await Promise.all(pages.map((page) => openRoom(page, stage, room)));
    await Promise.all(pages.map((page, index) => joinAs(page, NAMES[index] ?? '')));
    await expectEverybodyMeets(pages);
  });
});
