/**
 * Looks at every relay the guests were told of, at what the browser finds out about its own addresses,
 * and at how much the best relay carries.
 * @module
 */
import type { IceServer } from '@parley/protocol';
import type { CheckupContext } from './checkup-context.ts';
import { finding } from './finding.ts';
import type { Finding, FindingReason } from './finding.ts';
import { measureFlow } from './flow.ts';
import { parseRelayTarget, serverFor, urlsOf } from './ice-target.ts';
import type { RelayTarget } from './ice-target.ts';
import { openRelayPair } from './relay-pair.ts';
import type { RelayOutcome, RelayPair } from './relay-pair.ts';

/** Tells of a row as soon as there is one. */
export type Tell = (finding: Finding) => void;

/** What two guests of one room were told. */
export type GuestServers = readonly [readonly IceServer[], readonly IceServer[]];

const WAYS = ['turnUdp', 'turnTcp', 'turnTls'] as const;
const SILENT = {
  turnUdp: 'relaySilentUdp',
  turnTcp: 'relaySilentTcp',
  turnTls: 'relaySilentTls',
} as const satisfies Record<(typeof WAYS)[number], FindingReason>;
/** Below this a picture is hardly worth watching. */
const LEAST_KILOBITS = 500;
const MOST_LOSS_PERCENT = 5;

/** What was tried over one way. */
interface Attempt {
  readonly finding: Finding;
  readonly pair: RelayPair | undefined;
}

/**
 * Looks at the relays, over UDP, TCP and TLS at the same time. Resolves with whether one answered over UDP.
 */
export async function checkRelays(
  context: CheckupContext,
  servers: GuestServers,
  tell: Tell,
): Promise<boolean> {
  const targets = urlsOf(servers[0]).flatMap((url) => parseRelayTarget(url) ?? []);
  const attempts = await Promise.all(
    WAYS.map(async (way) => {
      const attempt = await tryWay(
        context,
        servers,
        targets.filter(({ check }) => check === way),
      );
      const row = attempt?.finding ?? notOffered(way, targets.length > 0);
      tell(row);
      return attempt;
    }),
  );
  const pairs = attempts.flatMap((attempt) => attempt?.pair ?? []);
  try {
    const [best] = pairs;
    tell(finding('relayQuality', 'running', 'running'));
    tell(
      best === undefined
        ? finding('relayQuality', 'skip', 'noRelay')
        : await judgeFlow(context, best),
    );
  } finally {
    for (const pair of pairs) pair.close();
  }
  return attempts[0]?.pair !== undefined;
}

/** Over UDP there is always one, unless the relay is off; TLS needs a certificate. */
function notOffered(way: (typeof WAYS)[number], hasOthers: boolean): Finding {
  const isOff = way === 'turnUdp' && !hasOthers;
  return isOff ? finding(way, 'warn', 'relayOff') : finding(way, 'skip', 'notOffered');
}

/** Every server of this way; the first that does not work counts. */
async function tryWay(
  context: CheckupContext,
  servers: GuestServers,
  targets: readonly RelayTarget[],
): Promise<Attempt | undefined> {
  let last: Attempt | undefined;
  for (const target of targets) {
    const accounts = servers.map((list) => serverFor(list, target.url));
    const [ada, bob] = accounts;
    if (ada === undefined || bob === undefined) continue;
    last?.pair?.close();
    last = judge(target, await openRelayPair(context, [ada, bob]));
    if (last.pair === undefined) return last;
  }
  return last;
}

function judge({ check, port: number }: RelayTarget, outcome: RelayOutcome): Attempt {
  // A name, not a quantity: nobody is to write it with a separator.
  const port = String(number);
  switch (outcome.kind) {
    case 'connected': {
      const { pair } = outcome;
      const values = { ms: pair.roundTripMs, port };
      return { finding: finding(check, 'ok', 'relayed', values), pair };
    }
    case 'silent': {
      const { status } = outcome;
      const row =
        status === undefined
          ? finding(check, 'fail', SILENT[check], { port })
          : finding(check, 'fail', 'relayRefused', { status, port });
      return { finding: row, pair: undefined };
    }
    case 'stuck':
      return { finding: finding(check, 'fail', 'relayStuck', { port }), pair: undefined };
  }
}

async function judgeFlow(context: CheckupContext, pair: RelayPair): Promise<Finding> {
  const { kilobits, lossPercent } = await measureFlow(context, pair);
  const isGood = kilobits >= LEAST_KILOBITS && lossPercent <= MOST_LOSS_PERCENT;
  return isGood
    ? finding('relayQuality', 'ok', 'flowsWell', { kilobits, lossPercent })
    : finding('relayQuality', 'warn', 'flowsBadly', { kilobits, lossPercent });
}
