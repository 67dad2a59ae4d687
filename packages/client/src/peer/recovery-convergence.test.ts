import { setMaxListeners } from 'node:events';
import type { Payload, RelayedEvent } from '@parley/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeConnection } from '../testing/fake-connection.ts';
import { FakePlatform } from '../../test/fakes/fake-platform.ts';
import { parseSdp } from '../testing/fake-sdp.ts';
import { peerId } from '../testing/fake-server.ts';
import { fakeSources } from '../../test/fakes/fake-source.ts';
import { FakeTrack } from '../testing/fake-track.ts';
import { settle } from '../testing/settle.ts';
import { SILENT_LOGGER } from '../logger.ts';
import { ConnectionFactory } from './connection-factory.ts';
import './link-watch.ts';
import { MeshPeer } from './mesh-peer.ts';
import { decodeSignal } from './signal.ts';

// Every step is held up here, so that more than Node's usual ten can be under way on one signal.
setMaxListeners(1_000);

const TICK_MS = 250;
/** The ladder from its first rung to the last but one, and time to connect. */
const DURATION_MS = 110_000;
/** What is over so late has made each lose the other ... */
const LOSING_MS = 70_000;
/** ... who tries again no later than this, and connects. */
const FINDING_MS = 75_000;

/** What happens to one message. */
interface Fate {
  readonly isLost: boolean;
  readonly isRepeated: boolean;
  readonly delayMs: number;
}

/** Moments at which something happens, in milliseconds. */
interface Plan {
  readonly opens: 'both' | 'left';
  /** Of the first messages; later ones arrive. */
  readonly fates: readonly Fate[];
  /** Nothing passes between the two in this time. */
  readonly outage: { readonly fromMs: number; readonly forMs: number };
  readonly leftHintMs: number;
  readonly rightHintMs: number;
  /** The left one's server is out of reach. */
  readonly offline: { readonly fromMs: number; readonly forMs: number };
}

const MOMENT = fc.integer({ min: 0, max: 40_000 });
const FATE = fc.record({
  isLost: fc.boolean(),
  isRepeated: fc.boolean(),
  delayMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 })),
});
const PLAN: fc.Arbitrary<Plan> = fc.record({
  opens: fc.constantFrom('both', 'left'),
  fates: fc.array(FATE, { maxLength: 30 }),
  outage: fc.record({ fromMs: MOMENT, forMs: fc.integer({ min: 0, max: 30_000 }) }),
  leftHintMs: MOMENT,
  rightHintMs: MOMENT,
  offline: fc.record({ fromMs: MOMENT, forMs: fc.integer({ min: 0, max: 10_000 }) }),
});

/** A browser whose every step waits for its turn. */
class SteppedPlatform extends FakePlatform {
  /** Whether this connection of the page has a path to the other end. */
  finds: (connection: FakeConnection) => boolean = () => false;
  readonly #scheduler: fc.Scheduler;

  constructor(scheduler: fc.Scheduler) {
    super();
    this.#scheduler = scheduler;
  }

  override createConnection(configuration: RTCConfiguration): RTCPeerConnection {
    const connection = new FakeConnection(configuration, (label) =>
      this.#scheduler.schedule(Promise.resolve(), label),
    );
    connection.reaches = () => this.finds(connection);
    this.connections.push(connection);
    return connection.dom;
  }
}

/** One end of a pair. */
interface End {
  readonly peer: MeshPeer;
  readonly platform: SteppedPlatform;
  readonly stream: MediaStream;
  isOnline: boolean;
}

type Send = (event: RelayedEvent, payload: Payload) => void;

function openEnd(scheduler: fc.Scheduler, names: readonly [string, string], send: Send): End {
  const [self, other] = names;
  const platform = new SteppedPlatform(scheduler);
  const end = { isOnline: true };
  const peer = new MeshPeer(
    {
      platform,
      connections: new ConnectionFactory(platform, { iceServers: [], iceTransportPolicy: 'all' }),
      sources: fakeSources(new FakeTrack('video').dom, new FakeTrack('audio').dom),
      outgoing: { devices: platform.createStream(), screen: platform.createStream() },
      logger: SILENT_LOGGER,
    },
    {
      peer: { id: peerId(other), name: other },
      selfId: peerId(self),
      send,
      isOnline: () => end.isOnline,
      checkServer: () => {},
      refreshIceServers: () => Promise.resolve(),
    },
  );
  return Object.assign(end, { peer, platform, stream: peer.snapshot.stream });
}

/** Two people and the wire between them. */
interface Pair {
  readonly ends: readonly [End, End];
  tick(nowMs: number): void;
}

function openPair(scheduler: fc.Scheduler, plan: Plan): Pair {
  let sent = 0;
  const wireTo =
    (end: () => End): Send =>
    (event, payload) => {
      const fate = plan.fates[sent];
      sent += 1;
      const signal = decodeSignal(event, JSON.parse(JSON.stringify(payload)));
      if (fate?.isLost || signal === undefined) return;
      const deliver = (): void => void end().platform.clock.setTimeout(arrive, fate?.delayMs ?? 0);
      const arrive = (): void => end().peer.receive(signal);
      deliver();
      if (fate?.isRepeated) deliver();
    };
  const left: End = openEnd(scheduler, ['ada', 'bob'], wireTo(getRight));
  const right: End = openEnd(scheduler, ['bob', 'ada'], wireTo(getLeft));
  function getLeft(): End {
    return left;
  }
  function getRight(): End {
    return right;
  }
  left.peer.open();
  if (plan.opens === 'both') right.peer.open();
  let nowMs = 0;
  const hasPath = (one: FakeConnection, others: End): boolean =>
    !isWithin(nowMs, plan.outage) &&
    others.platform.connections.some((other) => areJoined(one, other));
  left.platform.finds = (connection) => hasPath(connection, right);
  right.platform.finds = (connection) => hasPath(connection, left);
  return {
    ends: [left, right],
    tick(time) {
      const passed = (moment: number): boolean => nowMs < moment && moment <= time;
      if (passed(plan.leftHintMs)) left.peer.hintNetworkChange();
      if (passed(plan.rightHintMs)) tellAll(right.platform);
      nowMs = time;
      left.isOnline = !isWithin(time, plan.offline);
      for (const { platform } of [left, right]) {
        for (const connection of platform.connections) connection.checkConnected();
        openChannels(platform);
        platform.clock.advance(TICK_MS);
      }
    },
  };
}

function tellAll({ networkListeners }: SteppedPlatform): void {
  for (const tell of networkListeners) tell(false);
}

function isWithin(time: number, { fromMs, forMs }: Plan['outage']): boolean {
  return time >= fromMs && time < fromMs + forMs;
}

function openChannels({ connections }: SteppedPlatform): void {
  for (const connection of connections) {
    if (connection.connectionState !== 'connected') continue;
    for (const channel of connection.channels) {
      if (channel.readyState === 'connecting') channel.open();
    }
  }
}

/** Whether these connections belong together. */
function areJoined(one: FakeConnection | undefined, other: FakeConnection | undefined): boolean {
  return (
    one !== undefined &&
    other !== undefined &&
    one.signalingState !== 'closed' &&
    other.signalingState !== 'closed' &&
    ufragOf(one.localDescription) === ufragOf(other.remoteDescription) &&
    ufragOf(one.remoteDescription) === ufragOf(other.localDescription) &&
    one.remoteDescription !== null
  );
}

function connectionOf({ platform }: End): FakeConnection | undefined {
  return platform.connections.at(-1);
}

function ufragOf(description: { readonly sdp: string } | null): string {
  return parseSdp(description?.sdp ?? 'v=0').ufrag;
}

function judge({ ends }: Pair): unknown {
  const [left, right] = ends;
  return {
    areJoined: areJoined(connectionOf(left), connectionOf(right)),
    ends: ends.map((end) => {
      const live = connectionOf(end)?.transceivers.map(({ receiver }) => receiver.track) ?? [];
      const tracks = end.stream.getTracks();
      return {
        state: end.peer.snapshot.state,
        link: end.peer.link.snapshot.state,
        signaling: connectionOf(end)?.signalingState,
        open: end.platform.open.length,
        isSameStream: end.peer.snapshot.stream === end.stream,
        kinds: tracks
          .filter((track) => live.includes(track))
          .map(({ kind }) => kind)
          .toSorted(),
        tracks: tracks.length,
      };
    }),
  };
}

const WELL = {
  state: 'connected',
  link: 'connected',
  signaling: 'stable',
  open: 1,
  isSameStream: true,
  kinds: ['audio', 'video'],
  tracks: 2,
};

async function play(
  scheduler: fc.Scheduler,
  plans: readonly Plan[],
  durationMs: number = DURATION_MS,
): Promise<readonly Pair[]> {
  const pairs = plans.map((plan) => openPair(scheduler, plan));
  // What watches the links is loaded apart.
  await settle();
  for (let nowMs = 0; nowMs < durationMs; nowMs += TICK_MS) {
    for (const pair of pairs) pair.tick(nowMs);
    await scheduler.waitIdle();
  }
  return pairs;
}

/** Each run plays minutes of one call or of three. */
const PATIENCE = { timeout: 60_000 };

describe('recovery under loss, delay, repetition and outages', () => {
  it('two peers end in the same session', PATIENCE, async () => {
    const property = fc.asyncProperty(fc.scheduler(), PLAN, async (scheduler, plan) => {
      for (const pair of await play(scheduler, [plan])) {
        expect(judge(pair)).toEqual({ areJoined: true, ends: [WELL, WELL] });
      }
    });
    await fc.assert(property, { numRuns: 25 });
  });

  it('two peers who lost each other do so too', PATIENCE, async () => {
    const outage = fc.record({
      fromMs: fc.constant(0),
      forMs: fc.integer({ min: LOSING_MS, max: 2 * LOSING_MS }),
    });
    const property = fc.asyncProperty(
      fc.scheduler(),
      PLAN,
      outage,
      async (scheduler, plan, long) => {
        const plans = [{ ...plan, outage: long }];
        for (const pair of await play(scheduler, plans, long.forMs + FINDING_MS)) {
          expect(judge(pair)).toEqual({ areJoined: true, ends: [WELL, WELL] });
        }
      },
    );
    await fc.assert(property, { numRuns: 8 });
  });

  it('three peers end in three sessions', PATIENCE, async () => {
    const plans = fc.tuple(PLAN, PLAN, PLAN);
    const property = fc.asyncProperty(fc.scheduler(), plans, async (scheduler, chosen) => {
      for (const pair of await play(scheduler, chosen)) {
        expect(judge(pair)).toEqual({ areJoined: true, ends: [WELL, WELL] });
      }
    });
    await fc.assert(property, { numRuns: 8 });
  });
});
