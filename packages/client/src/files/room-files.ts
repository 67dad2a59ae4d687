/**
 * Files in a room: opens the two channels they travel on, and loads the rest when the first file comes
 * or goes.
 * @module
 */
import { feedPart } from '../data/channel-part.ts';
import type { ChannelSet } from '../data/channel-set.ts';
import { Emitter } from '../emitter.ts';
import type { Logger } from '../logger.ts';
import type { Files, FileResult, FilesEvents, SendFileOptions } from './file-transfer.ts';
import type { FileTransfers } from './file-transfers.ts';

/** See the module comment. */
export class RoomFiles implements Files {
  readonly #events = new Emitter<FilesEvents>();
  readonly #transfers: () => Promise<FileTransfers>;

  constructor(channels: ChannelSet, logger: Logger) {
    const messages = channels.open('parley:files');
    const parts = channels.open('parley:file-data', { bulk: true });
    this.#transfers = feedPart({
      channels,
      feeds: [messages, parts],
      load: async () => {
        const { FileTransfers } = await import('./file-transfers.ts');
        return new FileTransfers({ messages, parts, events: this.#events });
      },
      logger,
    });
  }

  on<E extends keyof FilesEvents>(
    event: E,
    listener: (payload: FilesEvents[E]) => void,
  ): () => void {
    return this.#events.on(event, listener);
  }

  async send(
    file: Blob | ReadableStream<Uint8Array>,
    options: SendFileOptions,
  ): Promise<FileResult> {
    const transfers = await this.#transfers();
    return transfers.send(file, options);
  }
}
