/**
 * A page that joins and leaves again and again, one that stays in the room meanwhile, so that every join
 * makes a connection, and what both hold on to.
 * @module
 */
import type * as Sdk from '@parley/client';
import { startServer } from '@parley/server';
import { findBrowser } from '@parley/testkit';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--no-first-run', '--disable-background-networking'];

declare global {
  interface Window {
    soak?: { readonly countOpen: () => number; client?: Sdk.Client };
  }
}

/** What one page holds on to. */
export interface Holdings {
  readonly heapBytes: number;
  readonly listeners: number;
  /** Peer connections that are not closed. */
  readonly connections: number;
}

/** What the page that comes and goes holds on to, and the one that stays. */
export type BothHoldings = { readonly [Name in 'guest' | 'host']: Holdings };

/** Its owner must `close` it. */
export interface ComingAndGoing {
  /** The guest joins, waits until the host is connected, and leaves, so many times. */
  join(times: number): Promise<void>;
  /** While the guest is in no room. */
  read(): Promise<BothHoldings>;
  close(): Promise<void>;
}

/** Counts the peer connections of a page that are not closed, and holds no other: Chromium makes no more than 500. */
function countConnections(): void {
  let made: readonly RTCPeerConnection[] = [];
  const keepOpen = (): void => {
    made = made.filter(({ connectionState }) => connectionState !== 'closed');
  };
  window.RTCPeerConnection = new Proxy(RTCPeerConnection, {
    construct: (Connection, [configuration]: [RTCConfiguration | undefined]) => {
      keepOpen();
      const connection = new Connection(configuration);
      made = [...made, connection];
      return connection;
    },
  });
  window.soak = {
    countOpen: () => {
      keepOpen();
      return made.length;
    },
  };
}

function joinOften(page: Page, times: number): Promise<void> {
  return page.evaluate(async (rounds) => {
    const { client } = window.soak ?? {};
    if (client === undefined) return;
    for (let round = 0; round < rounds; round += 1) {
      const room = await client.join('soak', { name: 'Bob' });
      await new Promise<void>((resolve) => {
        room.on('peer', (peer) => {
          const look = (): void => {
            if (peer.snapshot.state === 'connected') resolve();
          };
          peer.subscribe(look);
          look();
        });
      });
      await room.leave();
    }
  }, times);
}

async function read(page: Page): Promise<Holdings> {
  const devtools = await page.context().newCDPSession(page);
  const connections = await page.evaluate(() => window.soak?.countOpen() ?? 0);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  const { jsEventListeners } = await devtools.send('Memory.getDOMCounters');
  await devtools.detach();
  return { heapBytes: usedSize, listeners: jsEventListeners, connections };
}

/** Starts a server, and a browser with somebody who stays and the page that comes and goes. */
export async function openComingAndGoing(): Promise<ComingAndGoing> {
  const server = await startServer({ port: 0, host: '127.0.0.1' });
  const browser = await chromium.launch({ executablePath: findBrowser('chromium'), args: FLAGS });

  async function openPage(): Promise<Page> {
    const page = await browser.newPage();
    await page.addInitScript(countConnections);
    // A document without scripts of its own.
    await page.goto(`${server.url}/icon-licenses.txt`);
    // As a text: what runs this would rewrite an import of its own.
    await page.evaluate(
      "import('/sdk/parley.js').then((sdk) => { window.soak.client = sdk.createClient(); })",
    );
    return page;
  }

  const ada = await openPage();
  await ada.evaluate(async () => {
    await window.soak?.client?.join('soak', { name: 'Ada' });
  });
  const bob = await openPage();
  return {
    join: (times) => joinOften(bob, times),
    read: async () => ({ guest: await read(bob), host: await read(ada) }),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
