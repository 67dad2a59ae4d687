/** Every pair of networks connects, directly where physics allows, else through the relay. */
import { readFileSync } from 'node:fs';
import { execPath } from 'node:process';
import {
  NETWORK_KINDS,
  NETWORK_PLANS,
  blockUdp,
  canConnectDirectly,
  eventually,
  expectConnected,
  expectPicture,
  hasUdp,
  startServerProcess,
  unblock,
} from '@parley/testkit';
import type { NetworkKind, ServerProcess } from '@parley/testkit';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { isExpectedPath, readCallPath } from './support/call-path.ts';
import { SERVER_PORT, openCaller } from './support/caller.ts';
import type { Caller, Seat } from './support/caller.ts';
import { formatTable } from './support/format-table.ts';
import { keepEvidence } from './support/keep-evidence.ts';
import { useInternet } from './support/use-internet.ts';
import type { Ground } from './support/use-internet.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

interface Pair {
  readonly one: Seat;
  readonly other: Seat;
}

/** Two networks of each kind: also networks of one kind have to reach each other. */
const FIRST = NETWORK_KINDS.map((kind) => chromiumIn(kind, 'first'));
const SECOND = NETWORK_KINDS.map((kind) => chromiumIn(kind, 'second'));

/** Each kind with itself and with every kind after it. */
const PAIRS: readonly Pair[] = FIRST.flatMap((one, index) =>
  SECOND.slice(index).map((other): Pair => ({ one, other })),
);

/** Most of a call is waiting: so many are made at once, each by people of its own. */
const CALLS_AT_ONCE = 2;

/** Each pair once, with nobody twice in a round. */
function planRounds(pairs: readonly Pair[]): readonly (readonly Pair[])[] {
  const rounds: Pair[][] = [];
  for (const pair of pairs) {
    const isFree = (round: readonly Pair[]): boolean =>
      round.length < CALLS_AT_ONCE &&
      round.every(({ one, other }) => one !== pair.one && other !== pair.other);
    const round = rounds.find(isFree);
    if (round === undefined) rounds.push([pair]);
    else round.push(pair);
  }
  return rounds;
}

/** Firefox has a STUN and TURN client of its own: one pair for each way a call can take. */
const FIREFOX_PAIRS: readonly Pair[] = [
  { one: firefoxIn('port-filter'), other: chromiumIn('port-filter', 'first') },
  { one: firefoxIn('symmetric'), other: chromiumIn('symmetric', 'first') },
  { one: firefoxIn('udp-blocked'), other: chromiumIn('no-nat', 'first') },
  { one: firefoxIn('only-ipv6'), other: chromiumIn('only-tcp-443', 'first') },
];
const FIREFOX = FIREFOX_PAIRS.map(({ one }) => one);

function chromiumIn(kind: NetworkKind, order: 'first' | 'second'): Seat {
  return { name: `${order}-${kind}`, kind, browser: 'chromium' };
}

function firefoxIn(kind: NetworkKind): Seat {
  return { name: `firefox-${kind}`, kind, browser: 'firefox' };
}

function formatPair({ one, other }: Pair): string {
  return `${one.kind} with ${other.kind}`;
}

interface Place {
  readonly server: ServerProcess;
  /** By name of the seat. */
  readonly callers: ReadonlyMap<string, Caller>;
}

async function openPlace(ground: Ground): Promise<Place> {
  const address = ['--host', '::', '--port', String(SERVER_PORT)];
  const server = await startServerProcess(address, { node: ground.server.host.wrap(execPath) });
  const open = async (seat: Seat): Promise<[string, Caller]> => {
    return [seat.name, await openCaller(ground, seat)];
  };
  const callers = await Promise.all([...FIRST, ...SECOND, ...FIREFOX].map(open));
  return { server, callers: new Map(callers) };
}

async function closePlace({ server, callers }: Place): Promise<void> {
  await Promise.all([...callers.values()].map((caller) => caller.close()));
  await server.close();
}

/** A call may begin over the relay and move to the direct path as soon as that is open. */
async function expectPath({ page, kind }: Caller, other: NetworkKind): Promise<string> {
  const isDirect = canConnectDirectly(kind, other);
  const what = `a ${isDirect ? 'direct' : 'relayed'} path from ${kind} to ${other}`;
  const path = await eventually(
    what,
    () => readCallPath(page),
    (seen) => isExpectedPath(seen, { own: kind, other }),
  );
  return path ?? '';
}

/** `direct`, or how the two ends reach the relay. */
function formatPaths(paths: readonly string[]): string {
  if (paths.every((path) => path === 'direct')) return 'direct';
  return `relay ${paths.map((path) => path.replace('relay-', '').toUpperCase()).join('-')}`;
}

describe('a call between two networks', () => {
  const place = useInternet(openPlace, closePlace);
  const paths = new Map<string, string>();
  const waysToRelay = new Map<NetworkKind, Set<string>>();
  const talking: Caller[] = [];

  function callerAt({ name }: Seat): Caller {
    const caller = place().callers.get(name);
    if (caller === undefined) throw new Error(`Nobody sits at ${name}.`);
    talking.push(caller);
    return caller;
  }

  /** Both come at once; resolves to the path of the call once each sees the other. */
  async function expectCall({ one, other }: Pair): Promise<string> {
    const room = `${one.name} and ${other.name}`;
    const [ada, bob] = [callerAt(one), callerAt(other)];
    await Promise.all([ada.join(room), bob.join(room)]);
    const pages = [ada.page, bob.page];
    await Promise.all(pages.flatMap((page) => [expectConnected(page), expectPicture(page)]));
    const found = await Promise.all([expectPath(ada, bob.kind), expectPath(bob, ada.kind)]);
    for (const [end, { kind }] of [ada, bob].entries()) {
      waysToRelay.set(kind, (waysToRelay.get(kind) ?? new Set()).add(found[end] ?? ''));
    }
    expect([...ada.page.errors, ...bob.page.errors], 'errors in the pages').toEqual([]);
    return formatPaths(found);
  }

  const rounds = planRounds(PAIRS).map(
    (round) => [round.map(formatPair).join(', '), round] as const,
  );
  it.each(rounds)('%s', async (_who, round) => {
    const found = await Promise.all(round.map(expectCall));
    for (const [index, pair] of round.entries()) paths.set(formatPair(pair), found[index] ?? '');
  });

  it.each(NETWORK_KINDS.filter(hasUdp))('%s reaches the relay by UDP', (kind) => {
    expect([...(waysToRelay.get(kind) ?? [])]).toContain('relay-udp');
  });

  it('the README shows the ways that were found', () => {
    for (const { one, other } of PAIRS) {
      const found = paths.get(formatPair({ one, other }))?.split(' ')[0];
      expect(readmeCell(one.kind, other.kind), `${one.kind} with ${other.kind}`).toBe(found);
    }
  });

  for (const pair of FIREFOX_PAIRS) {
    it(`Firefox in ${pair.one.kind} with Chromium in ${pair.other.kind}`, async () => {
      await expectCall(pair);
    });
  }

  it('a call that began over the relay finds its direct path when there is one', async () => {
    const [ada, bob] = [chromiumIn('port-filter', 'first'), chromiumIn('port-filter', 'second')];
    const people = [callerAt(ada), callerAt(bob)] as const;
    await blockUdp(people[0].network.host);
    try {
      await Promise.all(people.map((caller) => caller.join('late STUN')));
      await eventually(
        'a path over the relay',
        () => readCallPath(people[0].page),
        (path) => path === 'relay-tcp',
      );
    } finally {
      await unblock(people[0].network.host);
    }
    for (const caller of people) expect(await expectPath(caller, 'port-filter')).toBe('direct');
    await Promise.all(people.map(({ page }) => expectPicture(page)));
  });

  afterEach(async ({ task }) => {
    const callers = talking.splice(0);
    if (task.result?.state === 'fail') {
      await Promise.all(callers.map((caller) => keepEvidence(task.name, caller)));
    }
    await Promise.all(callers.map((caller) => caller.leave()));
  });

  afterAll(() => console.log(formatPairs(paths)));
});

/** The first word of the README about two networks: direct, or relay. */
function readmeCell(one: NetworkKind, other: NetworkKind): string | undefined {
  const { title } = NETWORK_PLANS[one];
  const row = README.split('\n').find((line) => line.startsWith(`| ${title} `));
  return row?.split('|')[2 + NETWORK_KINDS.indexOf(other)]?.trim().split(' ')[0];
}

/** What was found, as a table for the README; each pair once. */
function formatPairs(paths: ReadonlyMap<string, string>): string {
  const titles = NETWORK_KINDS.map((kind) => NETWORK_PLANS[kind].title);
  const rows = NETWORK_KINDS.map((one) => {
    const cells = NETWORK_KINDS.map((other) => paths.get(`${one} with ${other}`) ?? '');
    return [NETWORK_PLANS[one].title].concat(cells);
  });
  return formatTable(['', ...titles], rows);
}
