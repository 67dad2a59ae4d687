/**
 * One call that lives through everything that happens to calls: the application does nothing, keeps its
 * objects, and loses no message.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import {
  block,
  eventually,
  expectConnected,
  expectPicture,
  move,
  readLongestGapMs,
  readPictureGapMs,
  startMediaClock,
  startServerProcess,
  unblock,
} from '@parley/testkit';
import type { ServerProcess } from '@parley/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { REMOTE_VIDEO } from '../support/app-page.ts';
import { expectNothingLost, joinForFaults, sendFile } from '../support/fault-page.ts';
import { readCallPath } from './support/call-path.ts';
import { SERVER_PORT, openCaller } from './support/caller.ts';
import type { Caller } from './support/caller.ts';
import { keepEvidence } from './support/keep-evidence.ts';
import { useInternet } from './support/use-internet.ts';
import type { Ground } from './support/use-internet.ts';

/** A shorter standstill is none: a busy machine stutters too. */
const BREAK_MS = 1_200;
const DOWN_MS = 10_000;
const FILE_MEBIBYTES = 60;

interface Place {
  readonly ada: Caller;
  readonly bob: Caller;
  readonly startServer: () => Promise<ServerProcess>;
}

describe('one call', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-faults-'));
  const times: string[] = [];
  let server: ServerProcess | undefined;

  async function openPlace(ground: Ground): Promise<Place> {
    const startServer = (): Promise<ServerProcess> =>
      startServerProcess(['--host', '::', '--port', String(SERVER_PORT), '--data-dir', dataDir], {
        node: ground.server.host.wrap(execPath),
      });
    server = await startServer();
    const [ada, bob] = await Promise.all([
      openCaller(ground, { name: 'ada', kind: 'no-nat', browser: 'chromium' }),
      openCaller(ground, { name: 'bob', kind: 'no-nat', browser: 'chromium' }),
    ]);
    return { ada, bob, startServer };
  }

  const place = useInternet(openPlace, async ({ ada, bob }) => {
    await Promise.all([ada.close(), bob.close()]);
    await server?.close();
  });

  const callers = (): readonly Caller[] => [place().ada, place().bob];

  beforeAll(async () => {
    for (const { page, origin, name } of callers()) {
      await joinForFaults(page, origin, { room: 'faults', name });
    }
    for (const { page } of callers()) {
      await expectConnected(page);
      await expectPicture(page);
    }
  });

  async function startClocks(): Promise<void> {
    for (const { page } of callers()) await startMediaClock(page, REMOTE_VIDEO);
  }

  /** Both see each other again; notes how long they did not, after the first `awayMs`. */
  async function expectBack(what: string, awayMs = 0): Promise<void> {
    for (const { page, name } of callers()) {
      const gapMs = (await readPictureGapMs(page, BREAK_MS)) - awayMs;
      times.push(`${what}, ${name}: ${(gapMs / 1000).toFixed(2)} s`);
    }
  }

  async function expectPath(pattern: RegExp): Promise<void> {
    for (const { page } of callers()) {
      await eventually(
        `a path like ${pattern}`,
        () => readCallPath(page),
        (path) => pattern.test(path ?? ''),
      );
    }
  }

  it('goes on over the relay when its path is blocked, and so does a file', async () => {
    const { ada, bob } = place();
    await expectPath(/^direct$/u);
    await startClocks();
    const sending = sendFile(bob.page, ada.page, FILE_MEBIBYTES);
    await pause(1_000);
    await block(ada.network.host, [bob.network.address]);
    await expectBack('path blocked');
    await expectPath(/^relay-/u);
    const [sent, received] = await sending;
    expect(received).toBe(sent);
    await expectNothingLost(callers().map(({ page }) => page));
  });

  it('is back when the server, which relays it, is killed and started again', async () => {
    await startClocks();
    const killedAt = performance.now();
    await server?.kill();
    await pause(DOWN_MS);
    server = await place().startServer();
    const awayMs = performance.now() - killedAt;
    await expectBack(`relay and signaling back after ${(awayMs / 1000).toFixed(1)} s`, awayMs);
    await expectPath(/^relay-/u);
    await expectNothingLost(callers().map(({ page }) => page));
  });

  it('finds its direct path again, from another address', async () => {
    const { ada } = place();
    await unblock(ada.network.host);
    await startClocks();
    await move(ada.network.host, { address: '10.99.4.1/16', gateway: '10.99.0.1' });
    await expectBack('address changed');
    await expectNothingLost(callers().map(({ page }) => page));
  });

  it('does not notice that the server is away', async () => {
    await startClocks();
    await server?.kill();
    await pause(DOWN_MS);
    for (const { page, name } of callers()) {
      const gapMs = await readLongestGapMs(page);
      times.push(`signaling away for ${DOWN_MS / 1000} s, ${name}: ${(gapMs / 1000).toFixed(2)} s`);
      expect(gapMs).toBeLessThan(BREAK_MS);
    }
    server = await place().startServer();
    await expectNothingLost(callers().map(({ page }) => page));
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') {
      await Promise.all(callers().map((caller) => keepEvidence(task.name, caller)));
    }
  });

  afterAll(() => {
    rmSync(dataDir, { recursive: true, force: true });
    console.log(times.join('\n'));
  });
});
