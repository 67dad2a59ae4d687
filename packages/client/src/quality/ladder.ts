/**
 * The sizes in which a camera is sent, and what each one costs. Pure.
 * @module
 */
import type { ViewSize } from '../peer/control-message.ts';

/** One size of the picture, named by its shorter side. */
export interface Rung {
  /** Pixels. */
  readonly side: number;
  /** Bits per second with which a talking person looks good in VP8. */
  readonly bitrate: number;
  /** With less than this a smaller picture looks better. */
  readonly least: number;
}

/** What the camera delivers. */
export interface CameraFormat extends ViewSize {
  readonly frameRate: number;
}

/** A tile may be so much larger than the picture in it before that can be seen. */
const ENLARGEMENT = 1.1;

const NOTHING: Rung = { side: 0, bitrate: 0, least: 0 };
const LADDER: readonly Rung[] = [
  { side: 90, bitrate: 80_000, least: 50_000 },
  { side: 180, bitrate: 180_000, least: 100_000 },
  { side: 270, bitrate: 300_000, least: 180_000 },
  { side: 360, bitrate: 500_000, least: 300_000 },
  { side: 540, bitrate: 900_000, least: 600_000 },
  { side: 720, bitrate: 1_700_000, least: 1_100_000 },
  { side: 1_080, bitrate: 3_000_000, least: 2_200_000 },
];

/** The rungs a camera can be sent in, from small to large; the last one is its own size. */
export function rungsOf(camera: CameraFormat): readonly [Rung, ...Rung[]] {
  const side = shorterSide(camera);
  const [first, ...more] = LADDER.filter((rung) => rung.side < side);
  const own = ownRung(side);
  return first === undefined ? [own] : [first, ...more, own];
}

/**
 * The shorter side the picture needs to fill `view`, in pixels of the camera; as large as it is when
 * nobody knows.
 */
export function neededSide(camera: CameraFormat, view: ViewSize | undefined): number {
  const side = shorterSide(camera);
  if (view === undefined) return side;
  const scale = Math.max(view.width / camera.width, view.height / camera.height);
  return Math.min(side, (side * scale) / ENLARGEMENT);
}

/** The shorter side of a picture. */
export function shorterSide({ width, height }: ViewSize): number {
  return Math.min(width, height);
}

/** A camera whose size is not on the ladder costs what its pixels cost between two rungs. */
function ownRung(side: number): Rung {
  const above = LADDER.find((rung) => rung.side >= side);
  const below = LADDER.findLast((rung) => rung.side <= side) ?? NOTHING;
  if (above === undefined || above === below) return { ...below, side };
  const share = (side ** 2 - below.side ** 2) / (above.side ** 2 - below.side ** 2);
  return {
    side,
    bitrate: below.bitrate + (above.bitrate - below.bitrate) * share,
    least: below.least + (above.least - below.least) * share,
  };
}
