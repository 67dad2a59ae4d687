import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import type { ParleyServer } from '@parley/server';
import { io } from 'socket.io-client';
import { afterAll, describe, expect, it } from 'vitest';
import { secondsFromNow, signToken } from './support/access-token.ts';
import { expectInCall, expectPeople, expectText, joinApp, openRoom } from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

/** What the button says, also where nobody is yet. */
const JOIN = /^(?:Join|Start)/u;
const JOIN_KOREAN = /^(?:참여|통화 시작)/u;
const SECRET = 'the key that an application shares with us';

describe('who does not get in', () => {
  const stage = useStage(() =>
    startServerHere({ maxPeers: 2, auth: { secret: SECRET, required: false } }),
  );
  /** The same person twice: one reads English, one Korean. */
  const openBoth = async (): Promise<[TestPage, TestPage]> => [
    await stage.open('chromium'),
    await stage.open('chromium', { language: 'ko-KR' }),
  ];

  it('SIG-16 is told that the room is full, and comes in when somebody has left', async () => {
    const room = stage.newRoom();
    const inside = [1, 2].map(() => io(stage.server.url, { forceNew: true }));
    for (const socket of inside) {
      expect(await socket.emitWithAck('join', room)).toMatchObject({ ok: true });
    }
    const [page, korean] = await openBoth();
    await openRoom(page, stage, room);
    await page.click('button', JOIN);
    await expectText(page, /This call is full\s+Nobody else fits in right now/u);
    await openRoom(korean, stage, room);
    await korean.click('button', JOIN_KOREAN);
    await expectText(korean, /통화 인원이 가득 찼어요\s+지금은 더 들어갈 수 없어요/u);
    inside[0]?.disconnect();
    await expect.poll(() => stage.server.stats.peers).toBe(1);
    await page.click('button', 'Try again');
    await expectInCall(page);
    inside[1]?.disconnect();
  });

  it('TOKEN-4 is told that the invitation has ended', async () => {
    const room = stage.newRoom();
    const link = `${stage.server.url}/r/${encodeURIComponent(room)}`;
    const ended = signToken(SECRET, { room, exp: secondsFromNow(-86_400) });
    const [page, korean] = await openBoth();
    await page.goto(`${link}#t=${ended}`);
    await page.click('button', JOIN);
    await expectText(page, /This call needs an invitation[^]*An invitation may have ended/u);
    await korean.goto(`${link}#t=${ended}`);
    await korean.click('button', JOIN_KOREAN);
    await expectText(korean, /초대가 필요한 통화예요[^]*초대 기간이 끝났을 수 있어요/u);
    await page.goto('about:blank');
    await page.goto(`${link}#t=${signToken(SECRET, { room, exp: secondsFromNow(86_400) })}`);
    await page.click('button', JOIN);
    await expectInCall(page);
  });
});

describe('who waits at the door while the server is restarted', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-outside-'));
  let server: ParleyServer | undefined;
  const stage = useStage(
    async () => {
      server = await startServerHere({ dataDir });
      return { url: server.url, close: async () => server?.close() };
    },
    { losesServer: true },
  );
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it('DOOR-13 DOOR-17 DOOR-18 still waits, and comes in when the host says so', async () => {
    const room = stage.newRoom();
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    await joinApp(ada, stage, { room, name: 'Ada' });
    await ada.click('button', 'People');
    await ada.click('switch', /^Ask before/u);
    await ada.click('button', 'Close');
    await openRoom(bob, stage, room);
    await bob.fill('Your name', 'Bob');
    await bob.click('button', JOIN);
    await expectText(ada, /Bob wants to come in/u);

    const port = Number(new URL(stage.server.url).port);
    await server?.close();
    server = await startServerHere({ dataDir, port });
    // A stranger who is faster than the host finds the door as it was.
    const eve = io(server.url, { forceNew: true });
    const answer: unknown = await eve.emitWithAck('join', room);
    eve.disconnect();
    expect(answer).toMatchObject({ ok: false, error: { code: 'ERR_KNOCK_WAITING' } });

    // His knock is gone with the old server; he knocks at the new one by himself.
    await eventually(
      'nobody at the door of Ada, who is back',
      () => ada.evaluate(() => document.body.innerText, undefined),
      (text) => !text.includes('Bob wants to come in'),
    );
    await expectText(bob, /Asking to be let in/u);
    await expectText(ada, /Bob wants to come in/u);
    expect(server.stats.peers, 'Bob is outside').toBe(1);
    await ada.click('button', 'Admit');
    await expectInCall(bob);
    await expectPeople(ada, ['Bob']);
  });
});
