/**
 * Words for people who do not see the screen: what is said here is read out by a screen reader.
 * @module
 */
import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';

/** Something that was said. */
export interface Announcement {
  /** Unique: who says the same twice is heard twice. */
  readonly id: number;
  readonly text: string;
}

/** So long both are there after one announcement has followed another: a screen reader takes note of each. */
export const OVERLAP_MS = 2000;

const said = signal<readonly Announcement[]>([]);
let count = 0;

/** What the live region shows, the newest last. */
export const announcements: ReadonlySignal<readonly Announcement[]> = said;

/** Says `text` when the screen reader is done with what it is saying now. */
export function announce(text: string): void {
  count += 1;
  const newest = count;
  said.value = [...said.value, { id: newest, text }];
  setTimeout(() => (said.value = said.value.filter(({ id }) => id >= newest)), OVERLAP_MS);
}
