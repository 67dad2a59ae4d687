/**
 * The address bar as a signal.
 * @module
 */
import { computed, signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { parseRoute } from './route.ts';
import type { Route } from './route.ts';

const pathname = signal(location.pathname);
let navigations = 0;

addEventListener('popstate', () => {
  navigations += 1;
  pathname.value = location.pathname;
});

/** The page to show. */
export const route: ReadonlySignal<Route> = computed(() => parseRoute(pathname.value));

/** Goes to `path` without loading the document again. */
export function navigate(path: string): void {
  navigations += 1;
  history.pushState(null, '', path);
  pathname.value = location.pathname;
}

/** Whether the page on screen was reached from another one, so that focus has to be moved to it. */
export function hasNavigated(): boolean {
  return navigations > 0;
}
