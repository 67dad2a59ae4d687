/**
 * Divides one uplink among all peers. Sound comes first and is always paid for; what is left goes to
 * pictures by the size in which they are shown. Where it is short, pictures get smaller first, then
 * slower, and are left out last, those shown smallest before the others. Pure.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import type { ViewSize } from '../peer/control-message.ts';
import { neededSide, rungsOf, shorterSide } from './ladder.ts';
import type { CameraFormat, Rung } from './ladder.ts';

/** One peer as the plan sees it. */
export interface PeerDemand {
  readonly id: PeerId;
  /** How large it shows our camera; undefined when it never said. */
  readonly view: ViewSize | undefined;
  /** Bits per second that the path to this peer carries; undefined when nobody knows. */
  readonly available: number | undefined;
  /** What it got so far: a plan that changes little changes nothing. */
  readonly before: PictureAllotment | undefined;
}

/** What a plan is made from. */
export interface UplinkDemand {
  /** Bits per second for everything. */
  readonly budget: number;
  /** How much this device is overloaded, in steps from 0. */
  readonly strain: number;
  /** Undefined while the camera is off. */
  readonly camera: CameraFormat | undefined;
  readonly peers: readonly PeerDemand[];
}

/** How the picture goes to one peer. */
export interface PictureAllotment {
  /** Bits per second; 0 when no picture is sent. */
  readonly bitrate: number;
  /** Shorter side in pixels. */
  readonly side: number;
  readonly scaleDownBy: number;
  readonly frameRate: number;
}

/** What one peer gets. */
export interface Allotment {
  /** Bits per second on the wire that are kept free for sound. */
  readonly sound: number;
  readonly picture: PictureAllotment;
  /** Why the picture is not what the peer could show. */
  readonly limitedBy: 'bandwidth' | 'cpu' | undefined;
}

/** Opus at its usual 32 kbit/s, and 50 headers a second. */
export const SOUND_BITRATE = 50_000;
/** Understandable speech; less than this is never planned for. */
export const LEAST_SOUND_BITRATE = 30_000;
/** Pictures that would get less are not sent. */
const LEAST_PICTURE_BITRATE = 30_000;
/** Who was left out or made smaller gets more only when there is clearly more. */
const RISE = 1.2;
/** A picture becomes slower, not smaller, from this rung down. */
const SMALLEST_FOR_BITRATE = 180;
const FRAME_RATES = { slow: 15, slowest: 7 } as const;
/** A path may be used a little beyond its estimate, or the estimate could never rise. */
const PROBE = 1.25;
/** Largest picture at each step of strain; at the last step it is slower, too. */
const SIDE_AT_STRAIN = [Infinity, 540, 360, 180, 180] as const;
/** The last step of strain. */
export const MAX_STRAIN = 4;

const NO_PICTURE: PictureAllotment = { bitrate: 0, side: 0, scaleDownBy: 1, frameRate: 0 };

interface Claim {
  readonly peer: PeerDemand;
  /** What the peer could show. */
  readonly wanted: Rung;
  /** The same within the strain. */
  readonly rung: Rung;
  /** Most that makes sense. */
  readonly most: number;
}

/** The plan: an allotment for every peer. */
export function planUplink(demand: UplinkDemand): ReadonlyMap<PeerId, Allotment> {
  const { budget, camera, peers } = demand;
  const sound = Math.floor(
    Math.min(SOUND_BITRATE, Math.max(LEAST_SOUND_BITRATE, budget / peers.length)),
  );
  const rest = Math.max(0, budget - sound * peers.length);
  const claims = camera === undefined ? [] : claimsOf(demand, camera, sound);
  const shares = shareAmong(claims, rest);
  return new Map(
    peers.map(({ id }) => {
      const claim = claims.find(({ peer }) => peer.id === id);
      const bitrate = shares.get(id) ?? 0;
      if (camera === undefined || claim === undefined) {
        return [id, { sound, picture: NO_PICTURE, limitedBy: undefined }];
      }
      const picture = choosePicture(claim, bitrate, demand.strain, camera);
      return [id, { sound, picture, limitedBy: judge(claim, picture, camera) }];
    }),
  );
}

function claimsOf(
  { peers, strain }: UplinkDemand,
  camera: CameraFormat,
  sound: number,
): readonly Claim[] {
  const rungs = rungsOf(camera);
  const allowed = SIDE_AT_STRAIN[Math.min(strain, MAX_STRAIN)] ?? Infinity;
  return peers.flatMap((peer): Claim[] => {
    if (peer.view !== undefined && shorterSide(peer.view) === 0) return [];
    const needed = neededSide(camera, peer.view);
    const wanted = rungs.find(({ side }) => side >= needed) ?? rungs[0];
    const rung = rungs.findLast(({ side }) => side <= Math.min(wanted.side, allowed)) ?? rungs[0];
    const carried = peer.available === undefined ? Infinity : peer.available * PROBE - sound;
    return [{ peer, wanted, rung, most: Math.min(rung.bitrate, Math.max(0, carried)) }];
  });
}

/** Leaves pictures out, those shown smallest first, until each of the others gets enough to be seen. */
function shareAmong(claims: readonly Claim[], budget: number): ReadonlyMap<PeerId, number> {
  let left = claims.toSorted((a, b) => b.rung.bitrate - a.rung.bitrate);
  for (;;) {
    const shares = fill(left, budget);
    const short = left.findLast(({ peer }) => (shares.get(peer.id) ?? 0) < leastOf(peer));
    if (short === undefined) return shares;
    left = left.filter((claim) => claim !== short);
  }
}

function leastOf({ before }: PeerDemand): number {
  const wasLeftOut = before !== undefined && before.bitrate === 0;
  return LEAST_PICTURE_BITRATE * (wasLeftOut ? RISE : 1);
}

/** Shares in proportion to the size shown; what one cannot use goes to the others. */
function fill(claims: readonly Claim[], budget: number): ReadonlyMap<PeerId, number> {
  const shares = new Map<PeerId, number>();
  let open = claims;
  let rest = budget;
  while (open.length > 0) {
    const each = rest / open.reduce((sum, { rung }) => sum + rung.bitrate, 0);
    const satisfied = open.filter(({ most, rung }) => most <= each * rung.bitrate);
    if (satisfied.length === 0) {
      for (const { peer, rung } of open) shares.set(peer.id, Math.floor(each * rung.bitrate));
      return shares;
    }
    for (const { peer, most } of satisfied) {
      shares.set(peer.id, Math.floor(most));
      rest -= most;
    }
    open = open.filter((claim) => !satisfied.includes(claim));
  }
  return shares;
}

function choosePicture(
  { peer, rung }: Claim,
  bitrate: number,
  strain: number,
  camera: CameraFormat,
): PictureAllotment {
  if (bitrate === 0) return NO_PICTURE;
  const chosen = chooseRung(rungsOf(camera), rung, { bitrate, before: peer.before });
  return {
    bitrate,
    side: chosen.side,
    scaleDownBy: shorterSide(camera) / chosen.side,
    frameRate: chooseFrameRate(chosen, bitrate, { camera, strain }),
  };
}

function chooseRung(
  rungs: readonly Rung[],
  most: Rung,
  { bitrate, before }: { readonly bitrate: number; readonly before: PictureAllotment | undefined },
): Rung {
  const affordable = rungs.findLast(({ side, least }) => {
    const isRise = before !== undefined && before.side > 0 && side > before.side;
    return side <= most.side && bitrate >= least * (isRise ? RISE : 1);
  });
  const smallest = rungs.findLast(({ side }) => side <= SMALLEST_FOR_BITRATE) ?? most;
  const floor = smallest.side < most.side ? smallest : most;
  return affordable === undefined || affordable.side < floor.side ? floor : affordable;
}

function chooseFrameRate(
  { least }: Rung,
  bitrate: number,
  { camera, strain }: { readonly camera: CameraFormat; readonly strain: number },
): number {
  const { slow, slowest } = FRAME_RATES;
  if (bitrate < least / 2) return Math.min(camera.frameRate, slowest);
  const isSlow = bitrate < least || strain >= MAX_STRAIN;
  return isSlow ? Math.min(camera.frameRate, slow) : camera.frameRate;
}

function judge(
  { wanted, rung }: Claim,
  { side, frameRate }: PictureAllotment,
  camera: CameraFormat,
): Allotment['limitedBy'] {
  if (side < rung.side) return 'bandwidth';
  if (side < wanted.side) return 'cpu';
  return frameRate < camera.frameRate ? 'bandwidth' : undefined;
}
