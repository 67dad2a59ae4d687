/**
 * Where everybody stands in the recorded picture: a grid, or a row below what is shared. Pure.
 * @module
 */
import { fitTiles } from '../call/tile-fit.ts';

/** A place on the canvas, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The places, in the order of those who stand there. */
export interface Places {
  readonly screens: readonly Box[];
  readonly people: readonly Box[];
}

const GAP = 8;
/** Height of the row of people below a shared screen, as a part of the whole. */
const ROW = 0.22;

/** Places for so many screens and people. */
export function arrangeRecording(
  size: { readonly width: number; readonly height: number },
  count: { readonly screens: number; readonly people: number },
): Places {
  const whole = { x: GAP, y: GAP, width: size.width - 2 * GAP, height: size.height - 2 * GAP };
  if (count.screens === 0) return { screens: [], people: grid(whole, count.people) };
  const rowHeight = Math.round(size.height * ROW);
  const above = { ...whole, height: whole.height - rowHeight - GAP };
  const below = { ...whole, y: above.y + above.height + GAP, height: rowHeight };
  return { screens: columns(above, count.screens), people: grid(below, count.people) };
}

function columns(space: Box, count: number): readonly Box[] {
  const width = Math.floor((space.width - GAP * (count - 1)) / count);
  return Array.from({ length: count }, (_, index) => ({
    ...space,
    x: space.x + index * (width + GAP),
    width,
  }));
}

/** Rows of equal tiles, the last one centred, the whole centred in its space. */
function grid(space: Box, count: number): readonly Box[] {
  const { width, height } = fitTiles(count, { ...space, gap: GAP });
  const perRow = Math.max(1, Math.floor((space.width + GAP) / (width + GAP)));
  const rows = Math.ceil(count / perRow);
  const top = space.y + (space.height - rows * (height + GAP) + GAP) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / perRow);
    const inRow = Math.min(perRow, count - row * perRow);
    const left = space.x + (space.width - inRow * (width + GAP) + GAP) / 2;
    return {
      x: Math.round(left + (index % perRow) * (width + GAP)),
      y: Math.round(top + row * (height + GAP)),
      width,
      height,
    };
  });
}
