/**
 * Finds out that this person is in the same call in another tab of the same browser. Two tabs that
 * played each other would howl, and the others would hear the person twice.
 * @module
 */

/** A channel between the tabs of one browser, as far as it is needed. */
export interface TabChannel {
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: unknown): void;
  close(): void;
}

/** Who is told what. */
export interface WatchTwinsOptions {
  /** Between the tabs that are in this call. */
  readonly channel: TabChannel;
  /** Id of this tab in the room. */
  readonly id: string;
  /** Another tab has this id. `wasFirst`: it was in the call before this one. */
  readonly onTwin: (id: string, wasFirst: boolean) => void;
}

/** Says to the other tabs that this one is here, and listens to them until it is undone. */
export function watchTwins({ channel, id, onTwin }: WatchTwinsOptions): () => void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches its own origin only
  const say = (message: readonly string[]): void => channel.postMessage(message);
  channel.addEventListener('message', ({ data }) => {
    if (!Array.isArray(data)) return;
    const [twin, asked]: readonly unknown[] = data;
    if (typeof twin !== 'string') return;
    // An answer to another tab tells nothing new.
    if (asked === undefined || asked === id) onTwin(twin, asked === id);
    if (asked === undefined) say([id, twin]);
  });
  say([id]);
  return () => channel.close();
}
