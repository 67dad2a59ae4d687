/**
 * A file on its way to one peer. It sends no more than the other side can store.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import type { PeerId } from '@parley/protocol';
import { abortable } from '../abortable.ts';
import { callSafely } from '../emitter.ts';
import { fileError } from './file-error.ts';
import type { FileErrorCode } from './file-error.ts';
import type { FileMessage, OfferMessage } from './file-message.ts';
import type { FileProgress, FileResult } from './file-transfer.ts';
import { Moment } from './moment.ts';
import { readPieces } from './read-pieces.ts';
import { formatHex, Sha256 } from './sha256.ts';
import { MAX_AHEAD_BYTES } from './transfer-line.ts';
import type { TransferLine } from './transfer-line.ts';

/** What a transfer works with. */
export interface OutgoingFileOptions {
  readonly line: TransferLine;
  readonly offer: OfferMessage;
  /** Read when the other side wants the file; a stream is cancelled when it does not. */
  readonly source: Blob | ReadableStream<Uint8Array>;
  readonly onProgress: ((progress: FileProgress) => void) | undefined;
}

/** See the module comment. */
export class OutgoingFile {
  readonly #options: OutgoingFileOptions;
  readonly #lifetime = new AbortController();
  readonly #accepted = new Moment();
  readonly #done = new Moment();
  #sentBytes = 0;
  #takenBytes = 0;
  #taken = new Moment();

  constructor(options: OutgoingFileOptions) {
    this.#options = options;
  }

  get peer(): PeerId {
    return this.#options.line.peer;
  }

  /** Offers the file and sends it. Rejects with a ParleyError, or with what `end` was given. */
  async run(): Promise<FileResult> {
    const { line, offer } = this.#options;
    const { signal } = this.#lifetime;
    try {
      await abortable(line.tell(offer), signal);
      await abortable(this.#accepted.promise, signal);
      const sha256 = await this.#sendPieces();
      await abortable(this.#done.promise, signal);
      return { bytes: this.#sentBytes, sha256 };
    } catch (error) {
      const isOurs = signal.aborted || error instanceof ParleyError;
      const reason = isOurs ? error : fileError('ERR_FILE_READ', error);
      this.withdraw('ERR_FILE_READ', reason);
      this.#release(reason);
      throw reason;
    }
  }

  /** Ends the transfer before its time. Idempotent. */
  end(reason: unknown): void {
    this.#lifetime.abort(reason);
  }

  /** Ends it, and tells the other side unless it is over already. */
  withdraw(code: FileErrorCode, reason: unknown): void {
    if (this.#lifetime.signal.aborted) return;
    const { line, offer } = this.#options;
    void line.tell({ type: 'withdraw', id: offer.id, code });
    this.end(reason);
  }

  /** Takes what the receiver says. */
  take(message: FileMessage): void {
    if (message.type === 'accept') this.#accepted.resolve();
    else if (message.type === 'taken') this.#moveOn(message.bytes);
    else if (message.type === 'done') this.#done.resolve();
    else if (message.type === 'refuse') this.end(fileError(message.code));
  }

  /** Returns the checksum as text. */
  async #sendPieces(): Promise<string> {
    const { line, offer, source } = this.#options;
    const { signal } = this.#lifetime;
    const { id, size } = offer;
    const hash = new Sha256();
    const stream = source instanceof Blob ? source.stream() : source;
    for await (const bytes of readPieces(stream, signal)) {
      hash.update(bytes);
      this.#sentBytes += bytes.length;
      await line.send({ id, isEnd: false, bytes }, signal);
      while (this.#sentBytes - this.#takenBytes >= MAX_AHEAD_BYTES) {
        await abortable(this.#taken.promise, signal);
      }
    }
    if (size !== undefined && size !== this.#sentBytes) {
      throw new RangeError(`The stream gave ${this.#sentBytes} bytes, the offer said ${size}.`);
    }
    const digest = hash.digest();
    await line.send({ id, isEnd: true, bytes: digest }, signal);
    return formatHex(digest);
  }

  #moveOn(bytes: number): void {
    const { onProgress, offer } = this.#options;
    this.#takenBytes = Math.max(this.#takenBytes, Math.min(bytes, this.#sentBytes));
    this.#taken.resolve();
    this.#taken = new Moment();
    callSafely(() => onProgress?.({ bytes: this.#takenBytes, size: offer.size }));
  }

  /** A stream that nobody has begun to read may hold something open. */
  #release(reason: unknown): void {
    const { source } = this.#options;
    if (!(source instanceof Blob) && !source.locked) source.cancel(reason).catch(() => {});
  }
}
