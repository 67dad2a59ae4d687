/**
 * Collects a stream in a Blob. Browsers may keep blobs outside the page, and large ones on the disk.
 * @module
 */

/** See the module comment. */
export class BlobTarget {
  readonly writable: WritableStream<Uint8Array<ArrayBuffer>>;
  #blobs: Blob[] = [];
  #bytes = 0;

  /** @param onGrow gets the number of bytes so far */
  constructor(onGrow: (bytes: number) => void) {
    this.writable = new WritableStream({
      write: (chunk) => {
        this.#bytes += chunk.length;
        onGrow(this.#bytes);
        this.#blobs.push(new Blob([chunk]));
      },
      abort: () => {
        this.#blobs = [];
      },
    });
  }

  /** Everything that was written. */
  toBlob(type: string): Blob {
    return new Blob(this.#blobs, { type });
  }
}
