import { ParleyError } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { failed, passed } from '../doctor/check.ts';
import type { ServerOptions } from '../options.ts';
import type { ParleyServer } from '../running-server.ts';
import { serve } from './serve.ts';
import type { Io } from './serve.ts';

function setUp(
  overrides: Partial<Io & Pick<ParleyServer, 'hasPage'> & { readonly isBusy: boolean }> = {},
) {
  const printed: string[] = [];
  const complained: string[] = [];
  const started: ServerOptions[] = [];
  const drained: number[] = [];
  let closed = 0;
  let resolveStopped: (() => void) | undefined;
  const stopped = new Promise<void>((resolve) => {
    resolveStopped = resolve;
  });
  const io: Io = {
    print: (text) => printed.push(text),
    printError: (text) => complained.push(text),
    version: '1.2.3',
    now: () => new Date(0),
    readConfigFile: () => new Map(),
    examine: async ({ url }) => [failed('page', url.href, 'Start it.')],
    startServer: async (options) => {
      started.push(options);
      return {
        url: 'http://localhost:7000',
        publicUrl: undefined,
        lanUrl: undefined,
        isBehindProxy: false,
        port: 7000,
        isSecure: false,
        relay: 'hairpin',
        externalTurn: [],
        hasPage: overrides.hasPage ?? true,
        drain: async (patienceMs, onWait) => {
          drained.push(patienceMs);
          if (overrides.isBusy === true) onWait?.();
        },
        close: async () => {
          closed += 1;
        },
      };
    },
    untilStopped: () => stopped,
    ...overrides,
  };
  return {
    io,
    printed,
    complained,
    started,
    drained,
    stop: () => resolveStopped?.(),
    closedTimes: () => closed,
  };
}

describe('serve', () => {
  it('starts, says where, runs until it is stopped, and closes', async () => {
    const { io, printed, started, stop, closedTimes } = setUp();
    const code = serve(['--port', '7000', '--max-peers', '4'], {}, io);
    await expect.poll(() => printed.length).toBe(1);
    expect(printed[0]).toContain('http://localhost:7000');
    expect(started).toMatchObject([{ port: 7000, maxPeers: 4 }]);
    expect(closedTimes()).toBe(0);

    stop();

    expect(await code).toBe(0);
    expect(closedTimes()).toBe(1);
  });

  it('DRAIN-4 waits for the calls to end, for five seconds unless told otherwise', async () => {
    const { io, printed, drained, stop, closedTimes } = setUp({ isBusy: true });
    stop();
    expect(await serve([], {}, io)).toBe(0);
    expect(await serve(['--drain', '60'], {}, io)).toBe(0);
    expect(drained).toEqual([5000, 60_000]);
    expect(closedTimes()).toBe(2);
    expect(printed[1]).toContain('waits up to 5 s for the calls to end');
  });

  it('says nothing of waiting when nobody is there', async () => {
    const { io, printed, stop } = setUp();
    stop();
    await serve([], {}, io);
    expect(printed.slice(1)).toEqual(['Parley has stopped.']);
  });

  it('says in plain words that the page is not built', async () => {
    const { io, printed, stop } = setUp({ hasPage: false });
    stop();
    await serve([], {}, io);
    expect(printed[0]).toContain('The page is not built');
  });

  it('prints help and version without starting', async () => {
    const { io, printed, started } = setUp();
    expect(await serve(['--help'], {}, io)).toBe(0);
    expect(await serve(['--version'], {}, io)).toBe(0);
    expect(printed[0]).toContain('Usage: parley');
    expect(printed[1]).toBe('1.2.3');
    expect(started).toEqual([]);
  });

  it('looks at a server and ends with 1 when something does not work', async () => {
    const { io, printed, started } = setUp();
    expect(await serve(['doctor', 'https://calls.example.org'], {}, io)).toBe(1);
    expect(printed[1]).toMatch(
      /FAIL {2}page {2}https:\/\/calls\.example\.org\/[^]*page: Start it\./,
    );
    expect(await serve(['doctor', 'calls'], {}, io)).toBe(2);
    const shown: unknown[] = [];
    const healthy = setUp({
      examine: async ({ token }) => {
        shown.push(token);
        return [passed('page', '3 ms')];
      },
    });
    expect(await serve(['doctor'], {}, healthy.io)).toBe(0);
    expect(await serve(['doctor'], { PARLEY_ACCESS_TOKEN: 'ey.x.y' }, healthy.io)).toBe(0);
    expect(healthy.printed[1]).toContain('Everything works.');
    expect(healthy.printed.join('')).not.toContain('ey.x.y');
    expect(shown).toEqual([undefined, 'ey.x.y']);
    expect(started).toEqual([]);
  });

  it('ends with 2 and one sentence when it is misused', async () => {
    const { io, complained, started } = setUp();
    expect(await serve(['--prot', '1'], {}, io)).toBe(2);
    expect(complained).toEqual(['parley: There is no option --prot. See --help.']);
    expect(started).toEqual([]);
  });

  it('ends with 1 and one sentence when it cannot start', async () => {
    const { io, complained } = setUp({
      startServer: async () => {
        throw new ParleyError('ERR_PORT_IN_USE', 'Port 7000 is already in use.');
      },
    });
    expect(await serve([], {}, io)).toBe(1);
    expect(complained).toEqual(['parley: Port 7000 is already in use.']);
  });

  it('does not hide a fault of its own', async () => {
    const { io } = setUp({
      startServer: async () => {
        throw new TypeError('bug');
      },
    });
    await expect(serve([], {}, io)).rejects.toThrow('bug');
  });

  it('shows warnings and errors of the server, and nothing below', async () => {
    const { io, complained, started, stop } = setUp();
    stop();
    await serve([], {}, io);
    const logger = started[0]?.logger;
    logger?.info('joined');
    logger?.warn('odd');
    logger?.error('message handler failed', { error: new Error('bug') });
    expect(complained[0]).toBe('parley: odd');
    expect(complained[1]).toMatch(/^parley: message handler failed\nError: bug/);
    expect(complained).toHaveLength(2);
  });

  it('writes a line of JSON for all that happens when it is told to', async () => {
    const { io, complained, started, stop } = setUp();
    stop();
    await serve(['--log', 'json'], {}, io);
    started[0]?.logger?.info('joined', { peer: 'A' });
    started[0]?.logger?.debug('too small to tell');
    expect(complained.map((line): unknown => JSON.parse(line))).toEqual([
      { time: '1970-01-01T00:00:00.000Z', level: 'info', message: 'joined', peer: 'A' },
    ]);
  });
});
