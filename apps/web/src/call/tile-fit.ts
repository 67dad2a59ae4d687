/**
 * How large the tiles of a grid can be. Pure geometry, in CSS pixels.
 * @module
 */

/** The space for the tiles, and the gap between two of them. */
export interface Stage {
  readonly width: number;
  readonly height: number;
  readonly gap: number;
}

/** Size of every tile. */
export interface TileSize {
  readonly width: number;
  readonly height: number;
}

/** Shapes a tile may take, widest first: a phone held upright fits squarer tiles better. */
const RATIOS = [16 / 9, 4 / 3, 1] as const;

/** The size that shows `count` tiles as large as possible; wide tiles win a tie. */
export function fitTiles(count: number, stage: Stage): TileSize {
  let best: TileSize = { width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    for (const ratio of RATIOS) {
      const size = fitColumns(columns, Math.ceil(count / columns), ratio, stage);
      if (size.width * size.height > best.width * best.height) best = size;
    }
  }
  return best;
}

function fitColumns(columns: number, rows: number, ratio: number, stage: Stage): TileSize {
  const widest = (stage.width - stage.gap * (columns - 1)) / columns;
  const highest = (stage.height - stage.gap * (rows - 1)) / rows;
  const width = Math.max(0, Math.floor(Math.min(widest, highest * ratio)));
  return { width, height: Math.floor(width / ratio) };
}

/** Largest part of a picture that may be cut off to fill a tile. */
const MAX_CROP = 0.35;

/** Whether a picture fills its tile and loses its edges, or is shown whole with bars beside it. */
export function choosePictureFit(pictureRatio: number, tileRatio: number): 'cover' | 'contain' {
  const kept = Math.min(pictureRatio, tileRatio) / Math.max(pictureRatio, tileRatio);
  return 1 - kept > MAX_CROP ? 'contain' : 'cover';
}
