import { eventually, expectPicture, expectSound, startServerProcess } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { expectPeople, expectText, joinAs, meetInApp } from './support/app-page.ts';
import { useStage } from './support/stage.ts';

/** Credentials of the relay, and of the descriptions on both sides of each connection. */
function readPrivateWords(page: TestPage): Promise<string[]> {
  return page.evaluate(() => {
    const connections = window.rtcProbe?.connections ?? [];
    return connections.flatMap((connection) => {
      const { iceServers = [] } = connection.getConfiguration();
      const sdp = `${connection.localDescription?.sdp} ${connection.remoteDescription?.sdp}`;
      return [
        ...iceServers.flatMap(({ username, credential }) => [username ?? [], credential ?? []]),
        ...[...sdp.matchAll(/(?:ice-pwd|fingerprint:sha-256)[: ](\S+)/gu)].flatMap(
          ([, word]) => word ?? [],
        ),
      ].flat();
    });
  }, undefined);
}

/** Leaves a note in the page of what is put on its clipboard. */
async function keepCopies(page: TestPage): Promise<void> {
  await page.evaluate(() => {
    const writeText = navigator.clipboard.writeText.bind(navigator.clipboard);
    navigator.clipboard.writeText = (text) => {
      document.body.dataset['copied'] = text;
      return writeText(text);
    };
  }, undefined);
}

describe('the built server, started from the command line', () => {
  const stage = useStage(() => startServerProcess(['--log', 'json']));

  it('somebody starts a call, sends the link, and somebody else opens it', async () => {
    const { url } = stage.server;
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    await ada.goto(url);
    await ada.click('button', 'New call');
    await joinAs(ada, 'Ada');
    const link = await ada.evaluate(() => {
      return document.querySelector<HTMLInputElement>('[aria-label="Link to this call"]')?.value;
    }, undefined);
    expect(link?.slice(0, url.length + 3)).toBe(`${url}/r/`);

    await bob.goto(link ?? '');
    await joinAs(bob, 'Bob');
    await Promise.all([expectPeople(ada, ['Bob']), expectPeople(bob, ['Ada'])]);
    await Promise.all([expectPicture(ada), expectPicture(bob), expectSound(ada), expectSound(bob)]);
    await keepCopies(bob);
    await bob.click('button', 'Copy link');
    await expectText(bob, /Link copied/u);
    expect(await bob.evaluate(() => document.body.dataset['copied'], undefined)).toBe(link);
  });

  it('its log has a line for each join, leave and allocation, and tells nothing of who talks', async () => {
    const { output } = stage.server;
    const room = 'a room of their own';
    const people = {
      'Ada Lovelace': await stage.open('chromium', { relay: 'udp' }),
      'Bob Builder': await stage.open('chromium', { relay: 'udp' }),
    };
    const before = output.length;
    await meetInApp(stage, room, people);
    const pages = Object.values(people);
    await Promise.all(pages.flatMap((page) => [expectPicture(page), expectSound(page)]));
    const used = await Promise.all(pages.map(readPrivateWords));
    for (const page of pages) await page.click('button', 'Leave');
    const since = (): string[] => output.slice(before).filter((line) => line.startsWith('{'));
    const count = (message: string): number =>
      since().filter((line) => line.includes(`"message":"${message}"`)).length;
    await eventually(
      'a line for each who left',
      () => count('gone'),
      (gone) => gone === 2,
    );
    await eventually(
      'a line for the end of each allocation',
      () => count('allocation started') - count('allocation ended'),
      (open) => open === 0,
    );
    expect(count('joined')).toBe(2);
    expect(count('allocation ended')).toBeGreaterThan(1);
    const log = since().join('\n');
    expect(used.flat().length).toBeGreaterThan(8);
    for (const word of [...Object.keys(people), room, encodeURIComponent(room), ...used.flat()]) {
      expect(log).not.toContain(word);
    }
    expect(log).not.toMatch(/candidate:|ice-ufrag|fingerprint|\d+\.\d+\.\d+\.\d+/u);
  });

  it('somebody types the name of a room', async () => {
    const page = await stage.open('chromium');
    await page.goto(stage.server.url);
    await page.fill('Room name or link', 'book club');
    await page.click('button', 'Go');
    await joinAs(page, 'Ada');
    expect(await page.evaluate(() => location.pathname, undefined)).toBe('/r/book%20club');
  });
});
