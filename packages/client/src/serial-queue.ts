/**
 * Runs asynchronous work strictly one after another.
 * @module
 */

/** Tasks run in the order in which they were added; a closed queue starts no further one. */
export class SerialQueue {
  readonly #onError: (error: unknown) => void;
  #last: Promise<void> = Promise.resolve();
  #closed = false;

  /** @param onError gets what a task threw; the queue goes on */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Appends a task; resolves when it is over, well or not. */
  add(task: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(() => this.#run(task));
    return this.#last;
  }

  /** Drops what has not started yet. */
  close(): void {
    this.#closed = true;
  }

  async #run(task: () => Promise<void>): Promise<void> {
    if (this.#closed) return;
    try {
      await task();
    } catch (error) {
      // A connection closed under a running task makes it throw; nobody needs to know.
      if (!this.#closed) this.#onError(error);
    }
  }
}
