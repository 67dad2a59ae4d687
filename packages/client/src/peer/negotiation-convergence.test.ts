import { setMaxListeners } from 'node:events';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeConnection } from '../testing/fake-connection.ts';
import { parseSdp } from '../testing/fake-sdp.ts';
import { fakeSources } from '../../test/fakes/fake-source.ts';
import type { FakeSource } from '../../test/fakes/fake-source.ts';
import { FakeStream, FakeTrack } from '../testing/fake-track.ts';
import { PeerPipes } from '../data/peer-pipes.ts';
import { SILENT_LOGGER } from '../logger.ts';
import type { BySource, Source } from '../media/source.ts';
import { PeerLink } from './peer-link.ts';
import { decodeSignals } from './signal.ts';

// Every step is held up here, so that more than Node's usual ten can be under way on one signal.
setMaxListeners(100);

/** One end of a pair. */
interface End {
  readonly connection: FakeConnection;
  readonly link: PeerLink;
  readonly camera: MediaStreamTrack;
  readonly microphone: MediaStreamTrack;
  readonly shared: BySource<FakeSource>;
  readonly received: Map<Source, MediaStreamTrack>;
}

/** What the test decides about one pair. */
interface Plan {
  readonly opens: 'both' | 'left' | 'right';
  /** Ends that add another track some time. */
  readonly leftAdds: boolean;
  readonly rightAdds: boolean;
  /** What of a screen each end shares some time. */
  readonly leftShares: readonly ('screen' | 'screenSound')[];
  readonly rightShares: readonly ('screen' | 'screenSound')[];
  /** Ends that restart ICE some time. */
  readonly leftRestarts: boolean;
  readonly rightRestarts: boolean;
  /** Whether the nth message is delivered a second time, some time later. */
  readonly repeats: readonly boolean[];
}

const PLAN: fc.Arbitrary<Plan> = fc.record({
  opens: fc.constantFrom('both', 'left', 'right'),
  leftAdds: fc.boolean(),
  rightAdds: fc.boolean(),
  leftShares: fc.subarray(['screen', 'screenSound']),
  rightShares: fc.subarray(['screen', 'screenSound']),
  leftRestarts: fc.boolean(),
  rightRestarts: fc.boolean(),
  repeats: fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
});

/** Keeps the order of one sender, as a socket does; all else is up to the scheduler. */
function openWire(scheduler: fc.Scheduler, repeats: readonly boolean[]) {
  let tail: Promise<unknown> = Promise.resolve();
  let sent = 0;
  return (deliver: () => void): void => {
    tail = tail.then(() => scheduler.schedule(Promise.resolve(), 'deliver')).then(deliver);
    if (repeats[sent % repeats.length]) {
      void tail.then(() => scheduler.schedule(Promise.resolve(), 'again')).then(deliver);
    }
    sent += 1;
  };
}

function openEnd(scheduler: fc.Scheduler, polite: boolean, send: SendText): End {
  const step = (label: string): Promise<void> => scheduler.schedule(Promise.resolve(), label);
  const connection = new FakeConnection({}, step);
  const camera = new FakeTrack('video').dom;
  const microphone = new FakeTrack('audio').dom;
  const shared = fakeSources(camera, microphone);
  const received = new Map<Source, MediaStreamTrack>();
  const link = new PeerLink({
    connection: connection.dom,
    owner: {
      polite,
      send: (event, payload) => send(event, JSON.stringify(payload)),
      hooks: {
        stateChanged: () => {},
        trackReceived: (source, track) => received.set(source, track),
        viewDeclared: () => {},
        mediaDeclared: () => {},
      },
      shown: new Map(),
      limits: new Map(),
      tune: undefined,
    },
    epoch: 1,
    sources: shared,
    streams: { devices: new FakeStream().dom, screen: new FakeStream().dom },
    data: new PeerPipes(),
    setTimer(due) {
      let isWanted = true;
      void step('timer').then(() => isWanted && due());
      return () => {
        isWanted = false;
      };
    },
    logger: SILENT_LOGGER,
  });
  return { connection, link, camera, microphone, shared, received };
}

type SendText = (event: 'offer' | 'answer' | 'icecandidate', text: string) => void;

function openPair(scheduler: fc.Scheduler, plan: Plan): readonly [End, End] {
  const toRight = openWire(scheduler, plan.repeats);
  const toLeft = openWire(scheduler, plan.repeats.toReversed());
  const deliverTo = (end: () => End): SendText => {
    const wire = end === getLeft ? toLeft : toRight;
    return (event, text) =>
      wire(() => {
        for (const signal of decodeSignals(event, JSON.parse(text))) end().link.receive(signal);
      });
  };
  const getLeft = (): End => left;
  const getRight = (): End => right;
  const left: End = openEnd(scheduler, false, deliverTo(getRight));
  const right: End = openEnd(scheduler, true, deliverTo(getLeft));
  void run(scheduler, [
    () => plan.opens !== 'right' && left.link.open(),
    () => plan.leftAdds && left.connection.addTransceiver('video'),
    ...plan.leftShares.map((source) => () => void left.shared[source].play(fakeScreen(source))),
    () => plan.leftRestarts && left.connection.restartIce(),
  ]);
  void run(scheduler, [
    () => plan.opens !== 'left' && right.link.open(),
    () => plan.rightAdds && right.connection.addTransceiver('audio'),
    ...plan.rightShares.map((source) => () => void right.shared[source].play(fakeScreen(source))),
    () => plan.rightRestarts && right.connection.restartIce(),
  ]);
  return [left, right];
}

function fakeScreen(source: 'screen' | 'screenSound'): MediaStreamTrack {
  return new FakeTrack(source === 'screen' ? 'video' : 'audio').dom;
}

async function run(scheduler: fc.Scheduler, acts: readonly (() => unknown)[]): Promise<void> {
  for (const act of acts) {
    await scheduler.schedule(Promise.resolve(), 'act');
    act();
  }
}

/** What both sides must have in common: m-lines in their order, and the user fragment. */
function essenceOf(description: { readonly sdp: string } | null): readonly string[] {
  const { sections, ufrag } = parseSdp(description?.sdp ?? 'v=0');
  return [ufrag, ...sections.map(({ kind, mid }) => `${kind} ${mid}`)];
}

function midOf({ connection }: End, track: MediaStreamTrack): string | null | undefined {
  return connection.transceivers.find(({ sender }) => sender.track === track)?.mid;
}

/** What each end would have to say about the other, and what it says. */
function compare([left, right]: readonly [End, End]): { expected: unknown; found: unknown } {
  return {
    expected: [expectedOf(left, right), expectedOf(right, left)],
    found: [foundIn(left, right), foundIn(right, left)],
  };
}

const SCREEN_SOURCES = ['screen', 'screenSound'] as const;

function foundIn(end: End, other: End): unknown {
  return {
    signaling: end.connection.signalingState,
    connection: end.connection.connectionState,
    remote: essenceOf(end.connection.remoteDescription),
    camera: midOf(end, end.camera),
    microphone: midOf(end, end.microphone),
    received: [...end.received.keys()].toSorted(),
    // Where each part of the other one's screen arrives.
    screen: sharedBy(other).map((source) => receivingMidOf(end, source)),
  };
}

function expectedOf(end: End, other: End): unknown {
  const shared = [...sharedBy(end), ...sharedBy(other)];
  return {
    signaling: 'stable',
    connection: 'connected',
    remote: essenceOf(other.connection.localDescription),
    camera: midOf(other, other.camera) ?? 'a section',
    microphone: midOf(other, other.microphone) ?? 'a section',
    received: [...new Set<Source>(['camera', 'microphone', ...shared])].toSorted(),
    screen: sharedBy(other).map((source) => sendingMidOf(other, source) ?? 'a section'),
  };
}

function sharedBy({ shared }: End): readonly ('screen' | 'screenSound')[] {
  return SCREEN_SOURCES.filter((source) => shared[source].snapshot.track !== undefined);
}

function sendingMidOf(end: End, source: 'screen' | 'screenSound'): string | null | undefined {
  const { track } = end.shared[source].snapshot;
  return track && midOf(end, track);
}

function receivingMidOf(end: End, source: Source): string | null | undefined {
  const track = end.received.get(source);
  return end.connection.transceivers.find(({ receiver }) => receiver.track === track)?.mid;
}

describe('negotiation under any order of events', () => {
  it('two peers end in the same session, whoever opens, adds tracks or restarts', async () => {
    const property = fc.asyncProperty(fc.scheduler(), PLAN, async (scheduler, plan) => {
      const pair = openPair(scheduler, plan);
      await scheduler.waitIdle();
      const { expected, found } = compare(pair);
      expect(found).toEqual(expected);
    });
    await fc.assert(property, { numRuns: 300 });
  }, 30_000);

  it('three peers end in three equal sessions', async () => {
    const plans = fc.tuple(PLAN, PLAN, PLAN);
    const property = fc.asyncProperty(fc.scheduler(), plans, async (scheduler, chosen) => {
      const pairs = chosen.map((plan) => openPair(scheduler, plan));
      await scheduler.waitIdle();
      for (const { expected, found } of pairs.map(compare)) expect(found).toEqual(expected);
    });
    await fc.assert(property, { numRuns: 60 });
  }, 30_000);
});
