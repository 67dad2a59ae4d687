/**
 * All transfers of a room: starts them, and hands each one what the other side says.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import type { Channel, ChannelMessage } from '../data/channel.ts';
import type { ChannelPart } from '../data/channel-part.ts';
import type { Emitter } from '../emitter.ts';
import { fileError } from './file-error.ts';
import { decodeFileMessage } from './file-message.ts';
import type { FileMessage, OfferMessage } from './file-message.ts';
import { decodeFilePart, encodeFilePart } from './file-part.ts';
import type { FileResult, FilesEvents, SendFileOptions } from './file-transfer.ts';
import { IncomingFile } from './incoming-file.ts';
import { OutgoingFile } from './outgoing-file.ts';
import type { TransferLine } from './transfer-line.ts';

/** What transfers work with. */
export interface FileTransfersOptions {
  readonly messages: Channel<unknown>;
  readonly parts: Channel<unknown>;
  readonly events: Emitter<FilesEvents>;
}

/** Files of one peer that may wait or be under way at a time; more are rejected at once. */
const MAX_INCOMING = 64;

/** See the module comment. */
export class FileTransfers implements ChannelPart {
  readonly #options: FileTransfersOptions;
  readonly #outgoing = new Map<number, OutgoingFile>();
  readonly #incoming = new Map<PeerId, Map<number, IncomingFile>>();
  #lastId = 0;

  constructor(options: FileTransfersOptions) {
    this.#options = options;
    options.messages.on('unheard', ({ peer }) => {
      this.gone(peer, fileError('ERR_FILE_UNSUPPORTED'));
    });
  }

  /** As `Files.send` says. */
  async send(
    source: Blob | ReadableStream<Uint8Array>,
    { to, signal, onProgress, ...about }: SendFileOptions,
  ): Promise<FileResult> {
    signal?.throwIfAborted();
    this.#lastId += 1;
    const offer = describe(this.#lastId, source, about);
    const file = new OutgoingFile({ line: this.#lineTo(to), offer, source, onProgress });
    const cancel = (): void => file.withdraw('ERR_FILE_CANCELLED', signal?.reason);
    signal?.addEventListener('abort', cancel);
    this.#outgoing.set(offer.id, file);
    try {
      return await file.run();
    } finally {
      this.#outgoing.delete(offer.id);
      signal?.removeEventListener('abort', cancel);
    }
  }

  take({ from, data }: ChannelMessage<unknown>): void {
    if (data instanceof Uint8Array) {
      const part = decodeFilePart(data);
      if (part !== undefined) this.#incoming.get(from)?.get(part.id)?.deliver(part);
    } else {
      const message = decodeFileMessage(data);
      if (message !== undefined) this.#follow(from, message);
    }
  }

  gone(peer: PeerId, error: Error): void {
    for (const file of this.#outgoing.values()) if (file.peer === peer) file.end(error);
    for (const file of this.#incoming.get(peer)?.values() ?? []) file.end(error);
    this.#incoming.delete(peer);
  }

  #follow(from: PeerId, message: FileMessage): void {
    if (message.type === 'offer') this.#receive(from, message);
    else if (message.type === 'withdraw') {
      this.#incoming.get(from)?.get(message.id)?.end(fileError(message.code));
    } else {
      const file = this.#outgoing.get(message.id);
      if (file?.peer === from) file.take(message);
    }
  }

  #receive(from: PeerId, offer: OfferMessage): void {
    const { events } = this.#options;
    const files = this.#incoming.get(from) ?? new Map<number, IncomingFile>();
    if (files.has(offer.id)) return;
    const file = new IncomingFile(this.#lineTo(from), offer, () => files.delete(offer.id));
    if (!events.has('offer')) return file.refuse('ERR_FILE_UNSUPPORTED');
    if (files.size >= MAX_INCOMING) return file.reject();
    this.#incoming.set(from, files.set(offer.id, file));
    events.emit('offer', file);
  }

  #lineTo(peer: PeerId): TransferLine {
    const { messages, parts } = this.#options;
    return {
      peer,
      tell: (message) => messages.send(message, { to: peer }),
      send: (part, signal) => parts.send(encodeFilePart(part), { to: peer, signal }),
    };
  }
}

/** What the other side is told before it decides. */
function describe(
  id: number,
  source: Blob | ReadableStream<Uint8Array>,
  about: Pick<SendFileOptions, 'name' | 'type' | 'size'>,
): OfferMessage {
  const known: { name?: string; type?: string; size?: number } =
    source instanceof Blob ? source : {};
  return {
    type: 'offer',
    id,
    name: about.name ?? known.name ?? 'file',
    mime: about.type ?? known.type ?? '',
    size: known.size ?? about.size,
  };
}
