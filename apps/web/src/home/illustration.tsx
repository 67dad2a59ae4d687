/**
 * The picture of the home page: two people, a lock between them, nobody else.
 * @module
 */
import type { JSX } from 'preact';
import styles from './illustration.module.css';

/** Decorative, so hidden from screen readers. */
export function Illustration(): JSX.Element {
  return (
    <svg class={styles.picture} viewBox="0 0 440 360" aria-hidden="true" focusable="false">
      <g class={styles.far}>
        <rect width="250" height="170" x="16" y="24" rx="24" />
        <circle cx="141" cy="92" r="30" />
        <path d="M81 194c4-36 28-58 60-58s56 22 60 58z" />
      </g>
      <g class={styles.near}>
        <rect width="220" height="160" x="204" y="176" rx="24" />
        <circle cx="314" cy="240" r="28" />
        <path d="M258 336c4-34 26-54 56-54s52 20 56 54z" />
      </g>
      <g class={styles.badge}>
        <circle cx="240" cy="168" r="22" />
        <path d="M233 168v-4a7 7 0 0 1 14 0v4M230 168h20v11h-20z" />
      </g>
    </svg>
  );
}
