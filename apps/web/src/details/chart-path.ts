/**
 * The line of a chart as SVG path data. Pure.
 * @module
 */

/** The box of a chart, in user units, and how many values fit beside each other. */
export interface ChartBox {
  readonly width: number;
  readonly height: number;
  readonly slots: number;
}

/** A line from zero at the bottom to the largest value at the top; the newest value is at the end. */
export function chartPath(points: readonly number[], { width, height, slots }: ChartBox): string {
  const top = Math.max(...points, Number.MIN_VALUE);
  const step = width / (slots - 1);
  const start = width - (points.length - 1) * step;
  return points
    .map((value, index) => {
      const x = round(start + index * step);
      return `${index === 0 ? 'M' : 'L'}${x} ${round(height - 2 - (value / top) * (height - 4))}`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
