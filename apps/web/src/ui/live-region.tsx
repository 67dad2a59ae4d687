/**
 * The live region of the app. It stays in the page all the time: a region that appears together
 * with its text is not read out.
 * @module
 */
import type { JSX } from 'preact';
import { announcement } from './announcer.ts';

/** Reads announcements out. */
export function LiveRegion(): JSX.Element {
  return (
    <output class="visually-hidden" aria-live="polite">
      {announcement}
    </output>
  );
}
