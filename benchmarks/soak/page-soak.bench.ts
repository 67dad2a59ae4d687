/**
 * Whether joins and leaves leave anything behind in one page: its heap, listeners and open peer
 * connections after a warm-up and after many more rounds. Somebody else stays in the room, so that
 * every join makes a connection. `--joins N`.
 * @module
 */
import { parseArgs } from 'node:util';
import type * as Sdk from '@parley/client';
import { startServer } from '@parley/server';
import { findBrowser } from '@parley/testkit';
import { chromium } from 'playwright-core';
import type { CDPSession, Page } from 'playwright-core';

const WARM_UP = 100;
const STEP = 100;
const FLAGS = ['--no-sandbox', '--no-first-run', '--disable-background-networking'];

declare global {
  interface Window {
    soak?: { readonly countOpen: () => number; client?: Sdk.Client };
  }
}

interface Reading {
  readonly heapBytes: number;
  readonly listeners: number;
  readonly connections: number;
}

const { values: args } = parseArgs({ options: { joins: { type: 'string', default: '600' } } });

/** Counts the peer connections of a page that are not closed. */
function countConnections(): void {
  const made: RTCPeerConnection[] = [];
  window.RTCPeerConnection = new Proxy(RTCPeerConnection, {
    construct: (Connection, [configuration]: [RTCConfiguration | undefined]) => {
      const connection = new Connection(configuration);
      made.push(connection);
      return connection;
    },
  });
  window.soak = {
    countOpen: () => {
      const open = made.filter(({ connectionState }) => connectionState !== 'closed');
      made.splice(0, made.length, ...open);
      return open.length;
    },
  };
}

/** Joins, waits until the other one is connected, leaves. */
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

async function read(page: Page, devtools: CDPSession): Promise<Reading> {
  const connections = await page.evaluate(() => window.soak?.countOpen() ?? 0);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  const { jsEventListeners } = await devtools.send('Memory.getDOMCounters');
  return { heapBytes: usedSize, listeners: jsEventListeners, connections };
}

function print(joins: number, { heapBytes, listeners, connections }: Reading): void {
  const megabytes = (heapBytes / 1e6).toFixed(2);
  console.log(`| ${joins} | ${megabytes} | ${listeners} | ${connections} |`);
}

const server = await startServer({ port: 0, host: '127.0.0.1' });
const browser = await chromium.launch({ executablePath: findBrowser('chromium'), args: FLAGS });

async function openPage(): Promise<Page> {
  const page = await browser.newPage();
  await page.addInitScript(countConnections);
  // A document without scripts of its own.
  await page.goto(`${server.url}/icon-licenses.txt`);
  await page.evaluate(async (sdk) => {
    const { createClient }: typeof Sdk = await import(sdk);
    if (window.soak !== undefined) window.soak.client = createClient();
  }, `${server.url}/sdk/parley.js`);
  return page;
}

try {
  const ada = await openPage();
  await ada.evaluate(async () => {
    await window.soak?.client?.join('soak', { name: 'Ada' });
  });
  const bob = await openPage();
  const devtools = await bob.context().newCDPSession(bob);
  console.log('| joins | heap in MB | listeners | open connections |\n|---|---|---|---|');
  await joinOften(bob, WARM_UP);
  print(WARM_UP, await read(bob, devtools));
  for (let joins = WARM_UP + STEP; joins <= WARM_UP + Number(args.joins); joins += STEP) {
    await joinOften(bob, STEP);
    print(joins, await read(bob, devtools));
  }
} finally {
  await browser.close();
  await server.close();
}
