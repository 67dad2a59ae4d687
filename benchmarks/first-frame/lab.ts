/**
 * Two people and the servers, each on a computer of their own, and a switch that keeps them apart.
 * @module
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import {
  findBrowser,
  launchBrowser,
  openNetworkLab,
  startServerProcess,
  startShapedSwitch,
} from '@parley/testkit';
import type { LabHost, ServerProcess, TestBrowser, TestPage } from '@parley/testkit';

const DEVICE = 'eth0';
const SERVER = '10.97.0.1';
const PEOPLE = ['10.97.0.2', '10.97.0.3'] as const;
const PORT = 8443;
const PEER_SERVER_PORT = 9000;
const PAGES_PORT = 8000;
const RELAY_FUSE = new URL('relay-fuse.js', import.meta.url).href;
const PARLEY_ARGS = ['--host', SERVER, '--port', String(PORT), '--allow-origin', '*'];
const PAGES = `http://${SERVER}:${PAGES_PORT}`;

/** What a page is told about its surroundings. */
export interface PageSetting {
  /** Script in `pages/`. */
  readonly page: string;
  readonly room: string;
  /** Whatever can be ready before the click is ready. */
  readonly prepared: boolean;
  /** Contenders without a relay of their own use ours. @default false */
  readonly relay?: boolean;
}

/** The laboratory of this benchmark. Its owner must `close` it. */
export interface FirstFrameLab {
  /** Puts everybody so far apart, from the next packet on. */
  setRoundTrip(roundTripMs: number): void;
  /** Opens a fresh page of one of the two. */
  open(person: 0 | 1, setting: PageSetting): Promise<TestPage>;
  /** Computers of the two. */
  readonly people: readonly [LabHost, LabHost];
  /** Their addresses, and that of the servers. */
  readonly addresses: { readonly people: readonly [string, string]; readonly server: string };
  /** Kills the servers of both contenders, as a power cut does. */
  killServers(): Promise<void>;
  /** With further arguments for Parley's. */
  startServers(...args: readonly string[]): Promise<void>;
  /** Kills the thread of the relay alone. */
  killRelay(): void;
  close(): Promise<void>;
}

declare global {
  /** Defined by `pages/stage.js`. */
  function getReady(place: 'inside' | 'outside'): Promise<void>;
  function clickJoin(): Promise<number>;
}

/** Builds it and starts everything in it. */
export async function openFirstFrameLab(): Promise<FirstFrameLab> {
  const lab = await openNetworkLab();
  const server = await lab.addHost('server');
  const people = [await lab.addHost('ada'), await lab.addHost('bob')] as const;
  const hosts = [server, ...people];
  const cables = await startShapedSwitch(hosts.map((host) => ({ host, device: DEVICE })));
  for (const [index, host] of hosts.entries()) {
    await host.ip(`address add ${[SERVER, ...PEOPLE][index]}/24 dev ${DEVICE}`);
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  const startParley = (...args: readonly string[]): Promise<ServerProcess> =>
    startServerProcess(
      // The pages under test come from a server of their own.
      [...PARLEY_ARGS, '--data-dir', dataDir, ...args],
      { node: server.wrap(execPath), preload: RELAY_FUSE },
    );
  let parley = await startParley();
  let peerServer = await startPeerServer(server);
  const pages = await startPageServer(server);
  const browsers = await Promise.all(people.map(launchOn));
  return {
    setRoundTrip(roundTripMs) {
      for (const host of hosts) cables.shape(host, { up: { delayMs: roundTripMs / 2 } });
    },
    async open(person, setting) {
      const page = await browsers[person]?.newPage();
      if (page === undefined) throw new Error('There are two people.');
      const place = {
        ...setting,
        server: `http://${SERVER}:${PORT}`,
        peerServer: `http://${SERVER}:${PEER_SERVER_PORT}`,
        stun: `stun:${SERVER}:${PORT}`,
      };
      await page.goto(`${PAGES}/#${encodeURIComponent(JSON.stringify(place))}`);
      return page;
    },
    people,
    addresses: { people: PEOPLE, server: SERVER },
    async killServers() {
      const exited = once(peerServer, 'exit');
      peerServer.kill('SIGKILL');
      await Promise.all([parley.kill(), exited]);
    },
    async startServers(...args) {
      [parley, peerServer] = await Promise.all([startParley(...args), startPeerServer(server)]);
    },
    killRelay() {
      parley.signal('SIGUSR2');
    },
    async close() {
      await Promise.all(browsers.map((browser) => browser.close()));
      for (const child of [peerServer, pages]) child.kill();
      await parley.close();
      await cables.close();
      await lab.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function launchOn(host: LabHost): Promise<TestBrowser> {
  const program = host.wrap(findBrowser('chromium'));
  return launchBrowser('chromium', { program, trustedOrigin: PAGES });
}

type Child = ReturnType<LabHost['start']>;

async function startPeerServer(host: LabHost): Promise<Child> {
  const script = fileURLToPath(
    new URL('../../node_modules/peer/dist/bin/peerjs.js', import.meta.url),
  );
  return startNode(
    host,
    [script, '--host', SERVER, '--port', String(PEER_SERVER_PORT)],
    /Started/u,
  );
}

async function startPageServer(host: LabHost): Promise<Child> {
  const script = fileURLToPath(new URL('page-server.js', import.meta.url));
  return startNode(host, [script, SERVER, String(PAGES_PORT)], /ready/u);
}

async function startNode(host: LabHost, args: readonly string[], isReady: RegExp): Promise<Child> {
  const child = host.start(execPath, args);
  for await (const line of createInterface(child.stdout)) {
    if (isReady.test(line)) return child;
  }
  throw new Error(`${args.join(' ')} ended before it was ready.`);
}
