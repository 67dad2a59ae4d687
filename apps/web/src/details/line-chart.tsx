/**
 * A line of the last two minutes.
 * @module
 */
import type { JSX } from 'preact';
import { chartPath } from './chart-path.ts';
import styles from './details-panel.module.css';

const WIDTH = 240;
const HEIGHT = 44;

/** A name, the newest value in words, and the line. */
export function LineChart(props: {
  label: string;
  value: string;
  points: readonly number[];
}): JSX.Element {
  return (
    <figure class={styles.chart}>
      <figcaption>
        <span>{props.label}</span> <strong>{props.value}</strong>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path d={chartPath(props.points, { width: WIDTH, height: HEIGHT, slots: 60 })} />
      </svg>
    </figure>
  );
}
