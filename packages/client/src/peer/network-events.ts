/**
 * What a page is told about its own network.
 * @module
 */

/**
 * Calls `listener` when the page can be reached in another way than before, or (`isCertain` is false)
 * when that may be, such as after sleep; the returned function ends that.
 */
export function followNetwork(listener: (isCertain: boolean) => void): () => void {
  const lifetime = new AbortController();
  const { signal } = lifetime;
  const follow = (
    target: EventTarget | undefined,
    type: string,
    isCertain: boolean,
    counts: (event: Event & { readonly persisted?: boolean }) => boolean | undefined = () => true,
  ): void => {
    const hear = (event: Event): void => {
      if (counts(event)) listener(isCertain);
    };
    target?.addEventListener(type, hear, { signal });
  };
  // Only Chromium has `connection`. It also fires when the browser's guess of the speed changes.
  const browser: (Navigator & { readonly connection?: EventTarget }) | undefined =
    globalThis.navigator;
  follow(browser?.connection, 'change', false);
  follow(globalThis.window, 'online', true);
  // Every page is shown once when it is loaded: only one that comes back has slept.
  follow(globalThis.window, 'pageshow', false, ({ persisted }) => persisted);
  follow(globalThis.document, 'resume', false);
  follow(globalThis.document, 'visibilitychange', false, () => !document.hidden);
  return () => lifetime.abort();
}
