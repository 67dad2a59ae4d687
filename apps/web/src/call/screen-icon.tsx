/**
 * The icon of a shared screen, apart from the others: only the call needs it. Path data from Lucide, as
 * in `ui/icon.tsx`.
 * @module
 */
import type { JSX } from 'preact';
import styles from '../ui/icon.module.css';

const PATH =
  'M13 3H4a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-3M8 21h8M12 17v4M17 8l5-5M17 3h5v5';

/** A screen with an arrow that leaves it. */
export function ScreenIcon({ size = 20 }: { size?: number }): JSX.Element {
  return (
    <svg
      class={styles.icon}
      viewBox="0 0 24 24"
      width={size}
      height={size}
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATH} />
    </svg>
  );
}
