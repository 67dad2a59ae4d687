import type { PeerId } from '@parley/protocol';
import { isPeerId } from '@parley/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ViewSize } from '../peer/control-message.ts';
import type { CameraFormat } from './ladder.ts';
import { LEAST_SOUND_BITRATE, SOUND_BITRATE, TWICE_BITRATE, planUplink } from './plan-uplink.ts';
import type { Allotment, PeerDemand, UplinkDemand } from './plan-uplink.ts';

const HD: CameraFormat = { width: 1_280, height: 720, frameRate: 30 };
const LARGE: ViewSize = { width: 1_280, height: 720 };
const SMALL: ViewSize = { width: 320, height: 180 };
const HIDDEN: ViewSize = { width: 0, height: 0 };
const UPLINK = 2_500_000;
const NO_SCREEN = { picture: false, sound: false };

function idOf(number: number): PeerId {
  const id = `p${number}`;
  if (!isPeerId(id)) throw new TypeError(id);
  return id;
}

function demand(views: readonly (ViewSize | undefined)[], patch: Partial<UplinkDemand> = {}) {
  const peers = views.map((view, index): PeerDemand => {
    return {
      id: idOf(index),
      view,
      available: undefined,
      isScreenHidden: false,
      isLossy: false,
      before: undefined,
    };
  });
  return { budget: UPLINK, strain: 0, camera: HD, screen: NO_SCREEN, peers, ...patch };
}

function plan(...args: Parameters<typeof demand>): readonly Allotment[] {
  return [...planUplink(demand(...args)).values()];
}

function total(allotments: Iterable<Allotment>, sounds = 1): number {
  return [...allotments].reduce(
    (sum, { sound, isTwice, screen, picture }) =>
      sum + sounds * sound + (isTwice ? TWICE_BITRATE : 0) + screen + picture.bitrate,
    0,
  );
}

/** Whose voice is sent twice, of two people of whom the first one loses packets. */
function twiceWithin(budget: number): readonly boolean[] {
  const [one, other] = demand([LARGE, LARGE]).peers;
  const peers = one && other ? [{ ...one, isLossy: true }, other] : [];
  return [...planUplink({ ...demand([]), budget, peers }).values()].map(({ isTwice }) => isTwice);
}

const viewSize = fc.oneof(
  fc.constant(undefined),
  fc.record({ width: fc.nat({ max: 4_000 }), height: fc.nat({ max: 4_000 }) }),
);
const anyDemand: fc.Arbitrary<UplinkDemand> = fc
  .record({
    budget: fc.integer({ min: 64_000, max: 10_000_000 }),
    strain: fc.nat({ max: 4 }),
    screen: fc.record({ picture: fc.boolean(), sound: fc.boolean() }),
    camera: fc.oneof(
      fc.constant(undefined),
      fc.record({
        width: fc.integer({ min: 16, max: 4_000 }),
        height: fc.integer({ min: 16, max: 4_000 }),
        frameRate: fc.integer({ min: 1, max: 60 }),
      }),
    ),
    peers: fc.array(
      fc.record({
        view: viewSize,
        available: fc.option(fc.nat(5_000_000), { nil: undefined }),
        isScreenHidden: fc.boolean(),
        isLossy: fc.boolean(),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  })
  .map(({ budget, strain, screen, camera, peers }) => ({
    budget,
    strain,
    screen,
    camera,
    peers: peers.map((peer, index) => Object.assign(peer, { id: idOf(index), before: undefined })),
  }));

/** The same people again, after what they got. */
function again(before: UplinkDemand, patch: Partial<UplinkDemand> = {}): UplinkDemand {
  const allotments = planUplink(before);
  const peers = before.peers.map((peer) => {
    return { ...peer, before: allotments.get(peer.id)?.picture };
  });
  return { ...before, peers, ...patch };
}

describe('a plan for the uplink, whatever is asked', () => {
  it('never spends more than there is, but for the least of sound', () => {
    fc.assert(
      fc.property(anyDemand, (asked) => {
        const sounds = asked.screen.sound ? 2 : 1;
        const least = asked.peers.length * sounds * LEAST_SOUND_BITRATE;
        const spent = total(planUplink(asked).values(), sounds);
        expect(spent).toBeLessThanOrEqual(Math.max(asked.budget, least));
      }),
    );
  });

  it('always pays for the sound of everybody', () => {
    fc.assert(
      fc.property(anyDemand, (asked) => {
        const allotments = [...planUplink(asked).values()];
        expect(allotments).toHaveLength(asked.peers.length);
        for (const { sound } of allotments) {
          expect(sound).toBeGreaterThanOrEqual(LEAST_SOUND_BITRATE);
          expect(sound).toBeLessThanOrEqual(SOUND_BITRATE);
        }
      }),
    );
  });

  it('sends nothing that nobody sees, and nothing larger or faster than the camera', () => {
    fc.assert(
      fc.property(anyDemand, (asked) => {
        const allotments = planUplink(asked);
        for (const { id, view } of asked.peers) {
          const { bitrate, scaleDownBy, frameRate } = allotments.get(id)?.picture ?? {
            bitrate: NaN,
            scaleDownBy: NaN,
            frameRate: NaN,
          };
          const isSeen = view === undefined || (view.width > 0 && view.height > 0);
          expect(isSeen && asked.camera !== undefined ? 0 : bitrate).toBe(0);
          expect(scaleDownBy).toBeGreaterThanOrEqual(1);
          expect(frameRate).toBeLessThanOrEqual(asked.camera?.frameRate ?? 0);
        }
      }),
    );
  });

  it('gives who shows more no less', () => {
    const grown = fc.tuple(anyDemand, fc.nat({ max: 2_000 }), fc.nat({ max: 2_000 }));
    fc.assert(
      fc.property(grown, ([asked, width, height]) => {
        const [first, ...others] = asked.peers;
        if (first?.view === undefined) return;
        const view = { width: first.view.width + width, height: first.view.height + height };
        const before = planUplink(asked).get(first.id)?.picture;
        const after = planUplink({ ...asked, peers: [{ ...first, view }, ...others] });
        const picture = after.get(first.id)?.picture;
        expect(picture?.bitrate).toBeGreaterThanOrEqual(before?.bitrate ?? NaN);
        expect(picture?.side).toBeGreaterThanOrEqual(before?.side ?? NaN);
      }),
    );
  });

  it('stays as it is when nothing changes, and when the uplink trembles', () => {
    const trembling = fc.tuple(
      anyDemand,
      fc.array(fc.double({ min: -0.04, max: 0.04, noNaN: true }), { minLength: 12, maxLength: 12 }),
    );
    fc.assert(
      fc.property(trembling, ([asked, tremors]) => {
        expect(planUplink(again(again(asked)))).toEqual(planUplink(again(again(again(asked)))));
        let current = asked;
        const sides: string[] = [];
        for (const tremor of tremors) {
          current = again(current, { budget: asked.budget * (1 + tremor) });
          const pictures = [...planUplink(current).values()];
          sides.push(pictures.map(({ picture }) => picture.side).join());
        }
        // It may settle, where what one gives up makes another one change as well; then it rests.
        const changes = sides.filter((side, at) => at > 0 && side !== sides[at - 1]);
        expect(changes.length).toBeLessThanOrEqual(2 * asked.peers.length);
      }),
    );
  });
});

describe('a plan for the uplink', () => {
  it('lets two people have the whole picture', () => {
    expect(plan([LARGE])).toMatchObject([
      { picture: { bitrate: 1_700_000, scaleDownBy: 1, frameRate: 30 }, limitedBy: undefined },
    ]);
  });

  it('sends those who never said as much as the camera has', () => {
    expect(plan([undefined])[0]?.picture.side).toBe(720);
  });

  it('stays within the same uplink as people join, and only the picture gets smaller', () => {
    const sides = [1, 2, 3, 5, 7].map((count) => {
      const allotments = plan(Array.from({ length: count }, () => LARGE));
      expect(total(allotments)).toBeLessThanOrEqual(UPLINK);
      return allotments[0]?.picture.side;
    });
    expect(sides).toEqual([720, 720, 540, 360, 360]);
  });

  it('pays for a shared screen before cameras, and counts it', () => {
    const views = [LARGE, LARGE, LARGE];
    const shared = plan(views, { screen: { picture: true, sound: true } });
    expect(total(shared, 2)).toBeLessThanOrEqual(UPLINK);
    const [alone, beside] = [plan(views)[0], shared[0]];
    expect(alone?.screen).toBe(0);
    expect(beside?.screen).toBeGreaterThan(beside?.picture.bitrate ?? NaN);
    expect(beside?.picture.side).toBeLessThan(alone?.picture.side ?? NaN);
    expect(plan([LARGE], { screen: { picture: true, sound: false } })[0]).toMatchObject({
      screen: 1_500_000,
      picture: { side: 540 },
    });
  });

  it('sends a screen to nobody who does not show it, and leaves the room to cameras', () => {
    const [one, other] = demand([LARGE, LARGE]).peers;
    const peers = one && other ? [{ ...one, isScreenHidden: true }, other] : [];
    const screen = { picture: true, sound: false };
    const [hidden, seen] = planUplink({ ...demand([]), peers, screen }).values();
    expect(hidden?.screen).toBe(0);
    expect(seen?.screen).toBeGreaterThan(0);
    expect(hidden?.picture.bitrate).toBeGreaterThan(
      plan([LARGE, LARGE], { screen })[0]?.picture.bitrate ?? NaN,
    );
  });

  it('gives a screen no more than its path carries', () => {
    const [peer] = demand([LARGE]).peers;
    const peers = peer === undefined ? [] : [{ ...peer, available: 200_000 }];
    const screen = { picture: true, sound: false };
    const [allotment] = planUplink({ ...demand([]), peers, screen }).values();
    expect(allotment?.screen).toBe(200_000);
    expect(allotment?.picture.bitrate).toBe(0);
  });

  it('has a voice sent twice where packets are lost, unless the uplink is short', () => {
    expect(twiceWithin(UPLINK)).toEqual([true, false]);
    expect(twiceWithin(120_000)).toEqual([false, false]);
  });

  it('shares by the size shown', () => {
    const [large, small, hidden] = plan([LARGE, SMALL, HIDDEN]);
    expect(large?.picture).toMatchObject({ side: 720, bitrate: 1_700_000 });
    expect(small?.picture).toMatchObject({ side: 180, bitrate: 180_000 });
    expect(hidden?.picture.bitrate).toBe(0);
  });

  it('makes pictures smaller, then slower, then leaves them out', () => {
    const steps = [1_800, 1_000, 500, 300, 150, 110, 90, 60].map((kbps) => {
      const [allotment] = plan([LARGE], { budget: kbps * 1_000 });
      const { side, frameRate } = allotment?.picture ?? {};
      return [side, frameRate];
    });
    expect(steps).toEqual([
      [720, 30],
      [540, 30],
      [360, 30],
      [270, 30],
      [180, 30],
      [180, 15],
      [180, 7],
      [0, 0],
    ]);
  });

  it('leaves out the smallest ones first', () => {
    const views = [SMALL, LARGE, SMALL, LARGE];
    const sent = plan(views, { budget: 300_000 }).map(({ picture }) => picture.bitrate > 0);
    expect(sent).toEqual([false, true, false, true]);
  });

  it('gives to others what a slow path cannot carry', () => {
    const asked = demand([LARGE, LARGE], { budget: 1_500_000 });
    const [slow, fast] = asked.peers;
    if (slow === undefined || fast === undefined) throw new Error('two were asked for');
    const plans = planUplink({ ...asked, peers: [{ ...slow, available: 200_000 }, fast] });
    expect([...plans.values()].map(({ picture }) => picture.bitrate)).toEqual([
      200_000 * 1.25 - SOUND_BITRATE,
      1_500_000 - 200_000 * 1.25 - SOUND_BITRATE,
    ]);
  });

  it('makes pictures smaller under strain, and slower last', () => {
    const pictures = [0, 1, 2, 3, 4].map((strain) => {
      const [allotment] = plan([LARGE], { strain });
      return [allotment?.picture.side, allotment?.picture.frameRate, allotment?.limitedBy];
    });
    expect(pictures).toEqual([
      [720, 30, undefined],
      [540, 30, 'cpu'],
      [360, 30, 'cpu'],
      [180, 30, 'cpu'],
      [180, 15, 'cpu'],
    ]);
  });

  it('says what limits a picture', () => {
    expect(plan([LARGE], { budget: 500_000 })[0]?.limitedBy).toBe('bandwidth');
    expect(plan([SMALL])[0]?.limitedBy).toBeUndefined();
  });

  it('plans no picture while the camera is off', () => {
    expect(plan([LARGE], { camera: undefined })).toMatchObject([
      { sound: SOUND_BITRATE, picture: { bitrate: 0 }, limitedBy: undefined },
    ]);
  });
});
