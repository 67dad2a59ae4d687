/**
 * Holds something up until the test lets it go.
 * @module
 */

/** `opened` resolves when `open()` is called. */
export class Gate {
  readonly opened: Promise<void>;
  #open: (() => void) | undefined;

  constructor() {
    this.opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open?.();
  }
}
