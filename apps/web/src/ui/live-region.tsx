/**
 * The live region of the app. It stays in the page all the time: a region that appears together
 * with its text is not read out. Each announcement is an element of its own, of which a log reads what is new.
 * @module
 */
import type { JSX } from 'preact';
import { announcements } from './announcer.ts';

/** Reads announcements out. */
export function LiveRegion(): JSX.Element {
  return (
    <div class="visually-hidden" role="log" aria-live="polite">
      {announcements.value.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  );
}
