/**
 * Divides one uplink among all peers. Sound comes first and is always paid for, then a shared screen;
 * what is left goes to pictures of the camera by the size in which they are shown. Where it is short,
 * these get smaller first, then slower, and are left out last, those shown smallest before the others.
 * Pure.
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
  /** It does not show our screen. */
  readonly isScreenHidden: boolean;
  /** So many packets are lost on the way that sound should be sent twice. */
  readonly isLossy: boolean;
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
  readonly screen: ScreenDemand;
  readonly peers: readonly PeerDemand[];
}

/** What is shared beside camera and microphone, with everybody alike. */
export interface ScreenDemand {
  readonly picture: boolean;
  readonly sound: boolean;
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
  /** Bits per second on the wire that are kept free for each sound: a voice, and what a screen plays. */
  readonly sound: number;
  /** Send the voice twice; the second time is paid for beside `sound`. */
  readonly isTwice: boolean;
  /** Bits per second for a shared screen. */
  readonly screen: number;
  readonly picture: PictureAllotment;
  /** Why the picture is not what the peer could show. */
  readonly limitedBy: 'bandwidth' | 'cpu' | undefined;
}

/** Opus at its usual 32 kbit/s, and 50 headers a second. */
export const SOUND_BITRATE = 50_000;
/** A voice that is sent twice shares the headers. */
export const TWICE_BITRATE = 32_000;
/** Understandable speech; less than this is never planned for. */
export const LEAST_SOUND_BITRATE = 30_000;
/** A screen with much movement; text needs far less. */
const MOST_SCREEN_BITRATE = 1_500_000;
/** Share of what is left after sound that a screen takes before cameras get any. */
const SCREEN_SHARE = 0.7;
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

/** What is spent on one peer before its camera picture. */
type Basics = Pick<Allotment, 'sound' | 'isTwice' | 'screen'>;

/** The plan: an allotment for every peer. */
export function planUplink(demand: UplinkDemand): ReadonlyMap<PeerId, Allotment> {
  const { budget, camera, peers } = demand;
  const basics = new Map(peers.map((peer) => [peer.id, basicsOf(demand, peer)]));
  const spent = peers.reduce((sum, { id }) => sum + costOf(demand, basics.get(id)), 0);
  const claims = camera === undefined ? [] : claimsOf(demand, camera, basics);
  const shares = shareAmong(claims, Math.max(0, budget - spent));
  return new Map(
    peers.map((peer) => {
      const { id } = peer;
      const basic = basics.get(id) ?? basicsOf(demand, peer);
      const claim = claims.find((one) => one.peer === peer);
      if (camera === undefined || claim === undefined) {
        return [id, { ...basic, picture: NO_PICTURE, limitedBy: undefined }];
      }
      const picture = choosePicture(claim, shares.get(id) ?? 0, demand.strain, camera);
      return [id, { ...basic, picture, limitedBy: judge(claim, picture, camera) }];
    }),
  );
}

function basicsOf({ budget, peers, screen }: UplinkDemand, peer: PeerDemand): Basics {
  const each = budget / peers.length;
  const sounds = screen.sound ? 2 : 1;
  const sound = Math.floor(Math.min(SOUND_BITRATE, Math.max(LEAST_SOUND_BITRATE, each / sounds)));
  const rest = Math.max(0, each - sounds * sound);
  // Not where sound is short: what is lost there is lost because too much is sent.
  const isTwice = peer.isLossy && rest >= TWICE_BITRATE;
  const left = rest - (isTwice ? TWICE_BITRATE : 0);
  const carried = Math.max(0, carriedTo(peer) - sounds * sound);
  const shared = Math.min(MOST_SCREEN_BITRATE, left * SCREEN_SHARE, carried);
  const isSeen = screen.picture && !peer.isScreenHidden;
  return { sound, isTwice, screen: isSeen ? Math.floor(shared) : 0 };
}

function costOf({ screen: { sound } }: UplinkDemand, basics: Basics | undefined): number {
  if (basics === undefined) return 0;
  return basics.sound * (sound ? 2 : 1) + (basics.isTwice ? TWICE_BITRATE : 0) + basics.screen;
}

function carriedTo({ available }: PeerDemand): number {
  return available === undefined ? Infinity : available * PROBE;
}

function claimsOf(
  demand: UplinkDemand,
  camera: CameraFormat,
  basics: ReadonlyMap<PeerId, Basics>,
): readonly Claim[] {
  const rungs = rungsOf(camera);
  const allowed = SIDE_AT_STRAIN[Math.min(demand.strain, MAX_STRAIN)] ?? Infinity;
  return demand.peers.flatMap((peer): Claim[] => {
    if (peer.view !== undefined && shorterSide(peer.view) === 0) return [];
    const needed = neededSide(camera, peer.view);
    const wanted = rungs.find(({ side }) => side >= needed) ?? rungs[0];
    const rung = rungs.findLast(({ side }) => side <= Math.min(wanted.side, allowed)) ?? rungs[0];
    const carried = Math.max(0, carriedTo(peer) - costOf(demand, basics.get(peer.id)));
    return [{ peer, wanted, rung, most: Math.min(rung.bitrate, carried) }];
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
