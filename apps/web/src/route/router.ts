/**
 * The address bar as a signal.
 * @module
 */
import { computed, signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { parseRoute } from './route.ts';
import type { Route } from './route.ts';

const href = signal(location.href);
let navigations = 0;

// Also when somebody pastes the same link with another key.
addEventListener('popstate', () => {
  navigations += 1;
  href.value = location.href;
});

/** The page to show. */
export const route: ReadonlySignal<Route> = computed(() => {
  const { pathname, hash } = new URL(href.value);
  return parseRoute(pathname, hash);
});

/** Goes to `path` without loading the document again. */
export function navigate(path: string): void {
  navigations += 1;
  history.pushState(null, '', path);
  href.value = location.href;
}

/** Whether the page on screen was reached from another one, so that focus has to be moved to it. */
export function hasNavigated(): boolean {
  return navigations > 0;
}
