/**
 * What is shown in place of a picture.
 * @module
 */
import type { JSX } from 'preact';
import styles from './avatar.module.css';
import { avatarColor, initials } from './initials.ts';

/** Initials on a colour of their own. Decorative: the name stands beside it. */
export function Avatar({ name }: { name: string }): JSX.Element {
  return (
    <div class={styles.ground} data-avatar aria-hidden="true">
      <span class={styles.disc} data-color={avatarColor(name)}>
        {initials(name) || <Silhouette />}
      </span>
    </div>
  );
}

function Silhouette(): JSX.Element {
  return (
    <svg viewBox="0 0 24 24" width="60%" height="60%" fill="currentColor" focusable="false">
      <circle cx="12" cy="8.5" r="4" />
      <path d="M4 20.5c.6-4 3.8-6.5 8-6.5s7.4 2.5 8 6.5z" />
    </svg>
  );
}
