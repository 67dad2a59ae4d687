import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  TLS_IDENTITY,
  eventually,
  expectConnected,
  expectPicture,
  expectSound,
  readOpenConnections,
} from '@parley/testkit';
import type { BrowserName, RelayTransport, TestPage } from '@parley/testkit';
import type { ParleyServer } from '@parley/server';
import { afterAll, describe, expect, it } from 'vitest';
import { expectPeople, joinApp } from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';
import type { Stage } from './support/stage.ts';

const PAIRS: readonly (readonly [BrowserName, BrowserName])[] = [
  ['chromium', 'chromium'],
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
  ['firefox', 'firefox'],
];
const RELAYED = { local: 'relay', remote: 'relay' };

/** Two people who can reach each other only through our relay. */
interface Meeting {
  readonly pair: readonly [BrowserName, BrowserName];
  readonly ways: readonly [RelayTransport, RelayTransport];
}

type Meet = (meeting: Meeting) => Promise<[TestPage, TestPage]>;

/** Ada is there first; Bob comes second. */
function meetOn(stage: Stage): Meet {
  return async ({ pair, ways }) => {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([
      stage.open(pair[0], { relay: ways[0], trustsAnyCertificate: true }),
      stage.open(pair[1], { relay: ways[1], trustsAnyCertificate: true }),
    ]);
    await joinApp(ada, stage, { room, name: 'Ada' });
    await joinApp(bob, stage, { room, name: 'Bob' });
    await Promise.all([expectConnected(ada), expectConnected(bob)]);
    return [ada, bob];
  };
}

async function expectCall(pages: readonly TestPage[]): Promise<void> {
  await Promise.all(pages.flatMap((page) => [expectPicture(page), expectSound(page)]));
  for (const page of pages) {
    const [reading] = await readOpenConnections(page);
    expect(reading?.path).toEqual(RELAYED);
  }
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

  for (const [first, second] of PAIRS) {
    for (const way of ['udp', 'tcp'] as const) {
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

  it('everything the relay held is free when both have left', async () => {
    const [ada, bob] = await meet({ pair: ['chromium', 'chromium'], ways: ['udp', 'tcp'] });
    await expectPeople(ada, ['Bob']);
    await expectAllocations((allocations) => allocations > 0);
    await ada.click('button', 'Leave');
    await bob.close();
    await expectAllocations((allocations) => allocations === 0);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'parley-e2e-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function startSecurely(): Promise<ParleyServer> {
  const files = { tlsCert: join(folder, 'cert.pem'), tlsKey: join(folder, 'key.pem') };
  writeFileSync(files.tlsCert, TLS_IDENTITY.cert);
  writeFileSync(files.tlsKey, TLS_IDENTITY.key);
  return startServerHere(files);
}

describe('only through the relay over TLS', () => {
  const meet = meetOn(useStage(startSecurely));

  // Firefox checks the certificate of a relay against its own list, whatever the page may do.
  it('chromium and chromium call over TURN tls', async () => {
    await expectCall(await meet({ pair: ['chromium', 'chromium'], ways: ['tls', 'tls'] }));
  });

  it('one over TLS meets one over UDP', async () => {
    await expectCall(await meet({ pair: ['chromium', 'firefox'], ways: ['tls', 'udp'] }));
  });
});
