/**
 * An observable that costs nothing until somebody watches it, and nothing afterwards.
 * @module
 */
import { Store } from '../observable.ts';

/** Begins to follow something; ends with the signal. May load code first. */
export type Follow<Snapshot> = (
  set: (next: Snapshot) => void,
  signal: AbortSignal,
) => Promise<void>;

/** Follows from the first watcher to the last one; in between and before, it is as it was made. */
export class OnDemand<Snapshot extends object> extends Store<Snapshot> {
  readonly #idle: Snapshot;
  readonly #follow: Follow<Snapshot>;
  #running: AbortController | undefined;

  constructor(idle: Snapshot, follow: Follow<Snapshot>) {
    super(idle);
    this.#idle = idle;
    this.#follow = follow;
  }

  override subscribe(onChange: () => void): () => void {
    const undo = super.subscribe(onChange);
    this.#running ??= this.#run();
    return () => {
      undo();
      if (this.watched) return;
      this.#running?.abort();
      this.#running = undefined;
      this.update(this.#idle);
    };
  }

  #run(): AbortController {
    const running = new AbortController();
    const { signal } = running;
    const set = (next: Snapshot): void => {
      if (!signal.aborted) this.update(next);
    };
    // What cannot be followed stays as it is: a call goes on without its meters.
    this.#follow(set, signal).catch(() => {});
    return running;
  }
}
