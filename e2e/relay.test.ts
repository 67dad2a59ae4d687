import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  TLS_IDENTITY,
  eventually,
  expectConnected,
  expectPicture,
  expectSound,
  readCallConnections,
  readConnections,
} from '@parley/testkit';
import type { BrowserName, RelayTransport, TestPage } from '@parley/testkit';
import type { ParleyServer } from '@parley/server';
import { isPeerId } from '@parley/protocol';
import type { PeerId } from '@parley/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { expectPeople, expectText, joinApp, meetInApp } from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';
import type { Stage } from './support/stage.ts';

type Pair = readonly [BrowserName, BrowserName];

/** Either browser comes first, and either comes second. */
const MIXED: readonly Pair[] = [
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
];
const PAIRS = {
  udp: [...MIXED, ['chromium', 'chromium'], ['firefox', 'firefox']],
  tcp: MIXED,
  tls: MIXED,
} as const satisfies Record<RelayTransport, readonly Pair[]>;

/** Two people who can reach each other only through our relay. */
interface Meeting {
  readonly pair: Pair;
  readonly ways: readonly [RelayTransport, RelayTransport];
}

type Meet = (meeting: Meeting) => Promise<[TestPage, TestPage]>;

/** Ada is there first; Bob comes second. */
function meetOn(stage: Stage): Meet {
  return async ({ pair, ways }) => {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([
      stage.open(pair[0], { relay: ways[0], trustsTestServers: true }),
      stage.open(pair[1], { relay: ways[1], trustsTestServers: true }),
    ]);
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    await Promise.all([expectConnected(ada), expectConnected(bob)]);
    return [ada, bob];
  };
}

/**
 * Everybody sends through the relay. What the others look like says less: a check of the path that is
 * faster than the candidate it came from makes a peer-reflexive candidate (RFC 8445 section 7.3.1.3).
 */
async function expectCall(pages: readonly TestPage[]): Promise<void> {
  await Promise.all(pages.flatMap((page) => [expectPicture(page), expectSound(page)]));
  const readings = await Promise.all(pages.map(readCallConnections));
  expect(readings.map(([reading]) => reading?.path?.local)).toEqual(pages.map(() => 'relay'));
}

/** Plays a page that does not give up its connections. */
async function neverClose(page: TestPage): Promise<void> {
  await page.evaluate(() => {
    RTCPeerConnection.prototype.close = () => {};
  }, undefined);
}

/** Id of the one other person on this page. */
async function peerShownBy(page: TestPage): Promise<PeerId> {
  const id = await page.evaluate(() => {
    return document.querySelector<HTMLElement>('[data-peer]')?.dataset['peer'];
  }, undefined);
  if (!isPeerId(id)) throw new Error('nobody is shown');
  return id;
}

/** Waits until the first connection of the page gets nothing any more. */
async function expectCutOff(page: TestPage): Promise<void> {
  let before = -1;
  await eventually(
    'no packets any more',
    async () => (await readConnections(page))[0]?.audio.packetsReceived ?? -1,
    (packets) => {
      const isStill = packets === before;
      before = packets;
      return isStill;
    },
    { intervalMs: 1_000 },
  );
}

/** What the relay answers when the page asks it again with the credentials it has. */
async function relayErrorOf(page: TestPage): Promise<number | undefined> {
  return page.evaluate(async () => {
    const connection = new RTCPeerConnection(window.rtcProbe?.connections[0]?.getConfiguration());
    connection.createDataChannel('');
    const answered = new Promise<number | undefined>((resolve) => {
      connection.addEventListener('icecandidateerror', ({ errorCode }) => resolve(errorCode));
      connection.addEventListener('icegatheringstatechange', () => {
        if (connection.iceGatheringState === 'complete') resolve(undefined);
      });
    });
    await connection.setLocalDescription();
    return answered;
  }, undefined);
}

describe('only through the relay', () => {
  const stage = useStage(startServerHere);
  const meet = meetOn(stage);

  /** The relay counts in a thread of its own and reports now and then. */
  async function expectAllocations(isRight: (allocations: number) => boolean): Promise<void> {
    const { server } = stage;
    await eventually(
      'the right number of allocations',
      () => Promise.resolve(server.stats.relay.allocations),
      isRight,
    );
  }

  for (const way of ['udp', 'tcp'] as const) {
    for (const [first, second] of PAIRS[way]) {
      it(`${first} and ${second} call over TURN ${way}`, async () => {
        const pages = await meet({ pair: [first, second], ways: [way, way] });
        await expectCall(pages);
      });
    }
  }

  it('one over UDP meets one over TCP', async () => {
    const pages = await meet({ pair: ['chromium', 'firefox'], ways: ['udp', 'tcp'] });
    await expectCall(pages);
  });

  it('the relay of somebody who is removed stops, even for pages that hold on to it', async () => {
    const [ada, bob] = await meet({ pair: ['chromium', 'chromium'], ways: ['udp', 'udp'] });
    await expectCall([ada, bob]);
    await Promise.all([neverClose(ada), neverClose(bob)]);
    expect(await stage.server.remove(await peerShownBy(ada))).toBe(true);
    await expectText(bob, /You were removed from the call/u);
    await expectPeople(ada, []);
    await Promise.all([expectCutOff(ada), expectCutOff(bob)]);
    expect(await relayErrorOf(bob)).toBe(403);
  });

  it('everything the relay held is free when both have left', async () => {
    const [ada, bob] = await meet({ pair: ['chromium', 'chromium'], ways: ['udp', 'tcp'] });
    await expectPeople(ada, ['Bob']);
    await expectAllocations((allocations) => allocations > 0);
    await ada.click('button', 'Leave');
    await bob.close();
    await expectAllocations((allocations) => allocations === 0);
  });
});

/** Of the shortest kind, so that a call outlives them soon. */
const CREDENTIALS_SECONDS = 5;

describe('credentials that end during a call', () => {
  const stage = useStage(() => startServerHere({ credentialTtlSeconds: CREDENTIALS_SECONDS }));
  const meet = meetOn(stage);

  it.each<[RelayTransport, BrowserName]>([
    ['udp', 'chromium'],
    ['tcp', 'firefox'],
  ])('do not end it over TURN %s with %s, and newcomers get fresh ones', async (way, browser) => {
    const [ada, bob] = await meet({ pair: ['chromium', browser], ways: [way, way] });
    const names = await usernamesOf(ada);
    await eventually(
      'other credentials, and the end of the first ones',
      async () => ({ now: await usernamesOf(ada), seconds: Date.now() / 1000 }),
      ({ now, seconds }) => now[0] !== names[0] && seconds > expiryOf(names) + 1,
    );
    await expectCall([ada, bob]);
    const cyd = await stage.open('chromium', { relay: way, trustsTestServers: true });
    await joinApp(cyd, stage, { room: await roomOf(ada), name: 'Cyd' });
    await Promise.all(
      [ada, bob, cyd].flatMap((page) => [expectPicture(page, 2), expectSound(page, 2)]),
    );
  });
});

/** Names under which the page may use the relay now. */
async function usernamesOf(page: TestPage): Promise<string[]> {
  return page.evaluate(() => {
    const connections = window.rtcProbe?.connections ?? [];
    const open = connections.find(({ connectionState }) => connectionState === 'connected');
    const servers = open?.getConfiguration().iceServers ?? [];
    return servers.flatMap(({ username }) => username ?? []);
  }, undefined);
}

/** Unix time in seconds. */
function expiryOf([username = '']: readonly string[]): number {
  return Number.parseInt(username, 10);
}

async function roomOf(page: TestPage): Promise<string> {
  return page.evaluate(() => decodeURIComponent(location.pathname.replace('/r/', '')), undefined);
}

const folder = mkdtempSync(join(tmpdir(), 'parley-e2e-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Under a name: Firefox uses TURN over TLS only with servers that have one. */
async function startSecurely(): Promise<Pick<ParleyServer, 'url' | 'close'>> {
  const files = { tlsCert: join(folder, 'cert.pem'), tlsKey: join(folder, 'key.pem') };
  writeFileSync(files.tlsCert, TLS_IDENTITY.cert);
  writeFileSync(files.tlsKey, TLS_IDENTITY.key);
  const server = await startServerHere(files);
  return { url: `https://localhost:${server.port}`, close: () => server.close() };
}

describe('only through the relay over TLS', () => {
  const meet = meetOn(useStage(startSecurely));

  for (const [first, second] of PAIRS.tls) {
    it(`${first} and ${second} call over TURN tls`, async () => {
      await expectCall(await meet({ pair: [first, second], ways: ['tls', 'tls'] }));
    });
  }

  it('one over TLS meets one over UDP', async () => {
    await expectCall(await meet({ pair: ['chromium', 'firefox'], ways: ['tls', 'udp'] }));
  });
});
