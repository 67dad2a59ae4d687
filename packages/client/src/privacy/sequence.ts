/**
 * Keeps asynchronous results in the order in which they were asked for.
 * @module
 */

/** Runs one task after another. */
export class Sequence {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as `task` does, after all that was asked for before. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => {});
    return result;
  }
}
