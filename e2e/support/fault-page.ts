/**
 * A page that calls with the SDK, and keeps count of what a fault must not touch: the peer it talks to,
 * numbered messages in both directions, a file.
 * @module
 */
import type { Room } from '@parley/client';
import { eventually, expectPicture, expectSound } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { expect } from 'vitest';
import { joinWithSdk } from './sdk-page.ts';
import type { Guest } from './sdk-page.ts';

/** What a page has noted. */
interface FaultLog {
  /** How many different peer objects there have been, and how many have left. */
  readonly peers: number;
  readonly left: number;
  readonly sent: number;
  /** Numbers that came, in the order in which they did. */
  readonly received: readonly number[];
}

/** Joins, shows the others, and begins to count. */
export async function joinForFaults(page: TestPage, url: string, who: Guest): Promise<void> {
  await joinWithSdk(page, url, who);
  await page.evaluate(() => {
    const room = window.call?.room;
    if (room === undefined) throw new Error('Nobody has joined');
    const log = { peers: 0, left: 0, sent: 0, received: new Array<number>() };
    Reflect.set(globalThis, 'faultLog', log);
    room.on('peer', (peer) => {
      log.peers += 1;
      const tile = document.body.appendChild(document.createElement('section'));
      tile.dataset['peer'] = peer.id;
      const video = tile.appendChild(document.createElement('video'));
      Object.assign(video, { muted: true, autoplay: true, srcObject: peer.snapshot.stream });
      peer.subscribe(() => {
        if (peer.snapshot.state === 'closed') log.left += 1;
      });
    });
    const channel = room.channel<number>('count');
    channel.on('message', ({ data }) => log.received.push(data));
    setInterval(() => {
      if (room.snapshot.peers.length === 0) return;
      void channel.send(log.sent);
      log.sent += 1;
    }, 50);
  }, undefined);
}

/** Sends a file of so many mebibytes to the other page; resolves when both have it, with both checksums. */
export async function sendFile(
  from: TestPage,
  to: TestPage,
  mebibytes: number,
): Promise<readonly [sent: string, received: string]> {
  const receiving = to.evaluate(receiveFile, undefined);
  const sending = from.evaluate(offerFile, mebibytes);
  return Promise.all([sending, receiving]);
}

/** Both see and hear each other; every message arrived once and in order, from the same objects. */
export async function expectNothingLost(pages: readonly TestPage[]): Promise<void> {
  for (const page of pages) {
    await expectPicture(page);
    await expectSound(page);
  }
  const sent = await Promise.all(pages.map(async (page) => (await readFaultLog(page)).sent));
  for (const [index, page] of pages.entries()) {
    const log = await eventually(
      'all messages',
      () => readFaultLog(page),
      ({ received }) => received.length >= (sent[1 - index] ?? 0),
    );
    expect(log.received).toEqual([...log.received.keys()]);
    expect({ peers: log.peers, left: log.left }).toEqual({ peers: 1, left: 0 });
  }
}

/** What the page has noted by now. */
async function readFaultLog(page: TestPage): Promise<FaultLog> {
  const text = await page.evaluate(
    () => JSON.stringify(Reflect.get(globalThis, 'faultLog')),
    undefined,
  );
  const log: FaultLog = JSON.parse(text);
  return log;
}

/** Runs in a page. */
async function receiveFile(): Promise<string> {
  const room: Room | undefined = window.call?.room;
  if (room === undefined) throw new Error('Nobody has joined');
  return new Promise((resolve, reject) => {
    room.files.on('offer', (offer) => {
      offer.accept(new WritableStream()).then(({ sha256 }) => resolve(sha256), reject);
    });
  });
}

/** Runs in a page: offers zeros, with a number at the beginning of each mebibyte. */
async function offerFile(mebibytes: number): Promise<string> {
  const room: Room | undefined = window.call?.room;
  const to = room?.snapshot.peers[0]?.id;
  if (room === undefined || to === undefined) throw new Error('Nobody is here');
  const blocks = Array.from({ length: mebibytes }, (_, index) => {
    const block = new Uint8Array(1024 * 1024);
    block[0] = index;
    return block;
  });
  const file = new Blob(blocks);
  const sending = room.files.send(file, { to });
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  await sending;
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
