/**
 * Messages that wait for a loop to read them, and keep their sender waiting.
 * @module
 */

/** Items in the order in which they came. */
export class Inbox<Item> {
  #items: { readonly item: Item; readonly taken: () => void }[] = [];
  #closed = false;
  #wake: () => void = () => {};

  /** Adds an item; `taken` is called when it has been read or dropped. */
  push(item: Item, taken: () => void): void {
    this.#items.push({ item, taken });
    this.#wake();
  }

  /** Waits for an item; `undefined` when there will be none any more. One reader only. */
  async next(): Promise<Item | undefined> {
    if (this.#items.length === 0 && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const first = this.#items.shift();
    first?.taken();
    return first?.item;
  }

  /** Nothing more comes; what waits can still be read. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** Drops what waits. */
  drop(): void {
    for (const { taken } of this.#items.splice(0)) taken();
  }
}
