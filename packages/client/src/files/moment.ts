/**
 * Something to wait for.
 * @module
 */

/** A promise together with the way to resolve it. */
export class Moment {
  readonly promise: Promise<void>;
  #resolve: (() => void) | undefined;

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** It has come. Idempotent. */
  resolve(): void {
    this.#resolve?.();
  }
}
