/**
 * A file that one peer wants to send, or is sending, to us.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import { abortable } from '../abortable.ts';
import { joinBytes } from '../data/join-bytes.ts';
import { callSafely } from '../emitter.ts';
import { BlobTarget } from './blob-target.ts';
import { fileError } from './file-error.ts';
import type { FileErrorCode } from './file-error.ts';
import type { OfferMessage } from './file-message.ts';
import type { FilePart } from './file-part.ts';
import type {
  FileOffer,
  FileResult,
  ReceiveBlobOptions,
  ReceiveFileOptions,
} from './file-transfer.ts';
import { Moment } from './moment.ts';
import { formatHex, Sha256 } from './sha256.ts';
import { MAX_AHEAD_BYTES } from './transfer-line.ts';
import type { TransferLine } from './transfer-line.ts';

/** Most that is written at once; the sender hears of it each time so much more has been stored. */
const WRITE_BYTES: number = 256 * 1024;
/** A sender that is further ahead than it may be is not an honest one. */
const MAX_WAITING_BYTES: number = 2 * MAX_AHEAD_BYTES;
const DEFAULT_BLOB_BYTES: number = 100 * 1024 * 1024;

/** See the module comment. */
export class IncomingFile implements FileOffer {
  readonly #line: TransferLine;
  readonly #offer: OfferMessage;
  readonly #onOver: () => void;
  readonly #lifetime = new AbortController();
  #isOver = false;
  #isAccepted = false;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #arrivedBytes = 0;
  /** Checksum of the sender, once everything has arrived. */
  #expected: string | undefined;
  #arrived = new Moment();
  #storedBytes = 0;
  readonly #hash = new Sha256();

  /** @param onOver called once, when nothing more is to be delivered */
  constructor(line: TransferLine, offer: OfferMessage, onOver: () => void) {
    this.#line = line;
    this.#offer = offer;
    this.#onOver = onOver;
  }

  get from(): PeerId {
    return this.#line.peer;
  }

  get name(): string {
    return this.#offer.name;
  }

  get type(): string {
    return this.#offer.mime;
  }

  get size(): number | undefined {
    return this.#offer.size;
  }

  get signal(): AbortSignal {
    return this.#lifetime.signal;
  }

  async accept(
    target: WritableStream<Uint8Array<ArrayBuffer>>,
    { signal, onProgress }: ReceiveFileOptions = {},
  ): Promise<FileResult> {
    if (this.#isAccepted) throw new TypeError('The file has been accepted already.');
    const writer = target.getWriter();
    this.#isAccepted = true;
    const cancel = (): void => this.refuse('ERR_FILE_CANCELLED', signal?.reason);
    signal?.addEventListener('abort', cancel);
    try {
      if (signal?.aborted) cancel();
      this.signal.throwIfAborted();
      this.#tell('accept');
      await this.#store(writer, onProgress);
      const sha256 = this.#verify();
      await abortable(writer.close(), this.signal);
      this.#tell('done');
      this.#finish();
      return { bytes: this.#storedBytes, sha256 };
    } catch (error) {
      const reason: unknown = this.signal.aborted ? error : fileError('ERR_FILE_WRITE', error);
      this.refuse('ERR_FILE_WRITE', reason);
      writer.abort(reason).catch(() => {});
      throw reason;
    } finally {
      this.#waiting = [];
      signal?.removeEventListener('abort', cancel);
    }
  }

  async acceptBlob(options: ReceiveBlobOptions = {}): Promise<Blob> {
    const { maxBytes = DEFAULT_BLOB_BYTES } = options;
    const target = new BlobTarget((bytes) => {
      if (bytes > maxBytes) this.refuse('ERR_FILE_SIZE');
    });
    if ((this.size ?? 0) > maxBytes) this.refuse('ERR_FILE_SIZE');
    await this.accept(target.writable, options);
    return target.toBlob(this.type);
  }

  reject(): void {
    this.refuse('ERR_FILE_REJECTED');
  }

  /** Takes what the sender sends. */
  deliver({ bytes, isEnd }: FilePart): void {
    if (!this.#isAccepted || this.#isOver) return;
    if (isEnd) this.#expected = formatHex(bytes);
    else {
      this.#waiting.push(bytes);
      this.#waitingBytes += bytes.length;
      this.#arrivedBytes += bytes.length;
    }
    const { size = Infinity } = this;
    if (this.#waitingBytes > MAX_WAITING_BYTES || this.#arrivedBytes > size) {
      this.refuse('ERR_FILE_DAMAGED');
    }
    this.#arrived.resolve();
  }

  /** Ends it, and tells the other side unless it is over already. */
  refuse(code: FileErrorCode, reason: unknown = fileError(code)): void {
    if (this.#isOver) return;
    void this.#line.tell({ type: 'refuse', id: this.#offer.id, code });
    this.end(reason);
  }

  /** Ends the transfer before its time. Ignored when it is over. */
  end(reason: unknown): void {
    if (this.#isOver) return;
    this.#finish();
    this.#lifetime.abort(reason);
  }

  #finish(): void {
    this.#isOver = true;
    this.#onOver();
  }

  /** Writes until everything has arrived, as fast as the target takes it. */
  async #store(
    writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>,
    onProgress: ReceiveFileOptions['onProgress'],
  ): Promise<void> {
    let toldBytes = 0;
    for (;;) {
      const bytes = this.#takeWaiting();
      const isEnd = bytes.length === 0 && this.#expected !== undefined;
      if (bytes.length > 0) {
        this.#hash.update(bytes);
        await abortable(writer.write(bytes), this.signal);
        this.#storedBytes += bytes.length;
      } else if (!isEnd) {
        await abortable(this.#arrived.promise, this.signal);
        this.#arrived = new Moment();
      }
      if (isEnd || this.#storedBytes - toldBytes >= WRITE_BYTES) {
        toldBytes = this.#storedBytes;
        this.#tell('taken');
        callSafely(() => onProgress?.({ bytes: toldBytes, size: this.size }));
      }
      if (isEnd) return;
    }
  }

  /** What waits, in one piece that is not too large. */
  #takeWaiting(): Uint8Array<ArrayBuffer> {
    const parts: Uint8Array[] = [];
    let takenBytes = 0;
    while (takenBytes < WRITE_BYTES) {
      const part = this.#waiting.shift();
      if (part === undefined) break;
      parts.push(part);
      takenBytes += part.length;
    }
    this.#waitingBytes -= takenBytes;
    return joinBytes(parts);
  }

  #verify(): string {
    const sha256 = formatHex(this.#hash.digest());
    const { size = this.#storedBytes } = this;
    if (sha256 === this.#expected && size === this.#storedBytes) return sha256;
    this.refuse('ERR_FILE_DAMAGED');
    throw this.signal.reason;
  }

  #tell(type: 'accept' | 'taken' | 'done'): void {
    void this.#line.tell({ type, id: this.#offer.id, bytes: this.#storedBytes });
  }
}
