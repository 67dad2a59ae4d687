/**
 * What people in a room send each other beside media: channels, and what is built on them. Loaded with
 * the first use, here or at the other end: most calls have none.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import { ChannelSet } from './data/channel-set.ts';
import { PeerData } from './data/peer-data.ts';
import { RoomFiles } from './files/room-files.ts';
import type { Logger } from './logger.ts';
import type { SetTimer } from './platform.ts';
import { RoomRequests } from './requests/room-requests.ts';
import type { RequestHandler } from './requests/room-requests.ts';

/** What it works with. */
export interface RoomDataOptions {
  readonly setTimer: SetTimer;
  readonly logger: Logger;
}

/** See the module comment. */
export class RoomData {
  readonly channels: ChannelSet;
  readonly #options: RoomDataOptions;
  #files: RoomFiles | undefined;
  #requests: RoomRequests | undefined;

  constructor(options: RoomDataOptions) {
    this.#options = options;
    this.channels = new ChannelSet(options.logger);
  }

  /** Whoever never asks for them takes none. */
  get files(): RoomFiles {
    this.#files ??= new RoomFiles(this.channels, this.#options.logger);
    return this.#files;
  }

  /** Requests to the others, and theirs for these handlers. */
  requests(handlers: ReadonlyMap<string, RequestHandler>): RoomRequests {
    this.#requests ??= new RoomRequests({ ...this.#options, channels: this.channels, handlers });
    return this.#requests;
  }

  /** Somebody is here; what is returned is to hear of the pipes to them. */
  addPeer(id: PeerId): PeerData {
    const data = new PeerData();
    this.channels.addPeer(id, data);
    return data;
  }
}
