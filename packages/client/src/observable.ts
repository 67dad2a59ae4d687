/**
 * An immutable snapshot that tells when it has been replaced. This is all a view needs, and exactly
 * what React's `useSyncExternalStore`, Svelte and Solid ask for.
 * @module
 */
import { callSafely } from './emitter.ts';

/** Something whose state can be read at any moment and watched. */
export interface Observable<Snapshot> {
  /** The state now; a new object after every change, the same one as long as nothing changed. */
  readonly snapshot: Snapshot;
  /** Calls `onChange` after every change; the returned function ends that. */
  subscribe(onChange: () => void): () => void;
}

/** Base of every observable object: keeps the snapshot and those who watch it. */
export class Store<Snapshot extends object> implements Observable<Snapshot> {
  #snapshot: Snapshot;
  readonly #watchers = new Set<{ readonly onChange: () => void }>();

  constructor(initial: Snapshot) {
    this.#snapshot = Object.freeze(initial);
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  subscribe(onChange: () => void): () => void {
    const watcher = { onChange };
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  /** True while somebody watches. */
  protected get watched(): boolean {
    return this.#watchers.size > 0;
  }

  /** Replaces some fields; says nothing when they are what they were. */
  protected update(patch: Partial<Snapshot>): void {
    const next = { ...this.#snapshot, ...patch };
    if (isShallowEqual(this.#snapshot, next)) return;
    this.#snapshot = Object.freeze(next);
    for (const watcher of this.#watchers) callSafely(watcher.onChange);
  }
}

function isShallowEqual<T extends object>(before: T, after: T): boolean {
  for (const key in after) {
    if (!Object.is(before[key], after[key])) return false;
  }
  return true;
}
