/**
 * Words for people who do not see the screen: what is set here is read out by a screen reader.
 * @module
 */
import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';

const message = signal('');
let isOdd = false;

/** What the live region shows. */
export const announcement: ReadonlySignal<string> = message;

/** Says `text` when the screen reader is done with what it is saying now. */
export function announce(text: string): void {
  // Screen readers stay silent when a text does not change, so the same news twice must differ.
  isOdd = !isOdd;
  message.value = isOdd ? text : `${text}\u00a0`;
}
