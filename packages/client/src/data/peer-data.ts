/**
 * Everything that goes to and comes from one peer beside media: three lanes, each over a data channel
 * of its own, so that a file does not hold up a chat message. Lives as long as the peer does, whatever
 * happens to the connection.
 * @module
 */
import { dataError } from './data-error.ts';
import { LaneDoor } from './lane-door.ts';
import { openRtcPipe } from './rtc-pipe.ts';
import type { PipeConnection } from './rtc-pipe.ts';

/** How messages travel. `bulk` is reliable as well, and stands back for the others. */
export type Delivery = 'reliable' | 'unreliable' | 'bulk';

/** Ids of the data channels; 0 is the control channel. */
const RELIABLE_ID = 1;
const UNRELIABLE_ID = 2;
const BULK_ID = 3;

/** 4 MiB of full frames: enough for 20 MB/s at 200 ms. */
const WINDOW_FRAMES = 256;
const INSTANCES = 2 ** 32;

/** See the module comment. Its owner must `close` it. */
export class PeerData {
  readonly reliable: LaneDoor;
  readonly unreliable: LaneDoor;
  readonly bulk: LaneDoor;
  /** Why nothing can be sent. */
  refusal: Error | undefined;

  constructor() {
    const instance = Math.floor(Math.random() * INSTANCES);
    this.reliable = new LaneDoor(instance, WINDOW_FRAMES);
    this.unreliable = new LaneDoor(instance, 0);
    this.bulk = new LaneDoor(instance, WINDOW_FRAMES);
  }

  /** Sends over this connection from now on; to be called before it is negotiated. */
  attach(connection: PipeConnection): void {
    this.reliable.attach(openRtcPipe(connection, RELIABLE_ID));
    this.unreliable.attach(
      openRtcPipe(connection, UNRELIABLE_ID, { ordered: false, maxRetransmits: 0 }),
    );
    this.bulk.attach(openRtcPipe(connection, BULK_ID));
  }

  /** The page of this peer has no channels. What waits is refused. */
  refuse(): void {
    this.#end(
      dataError('ERR_PEER_WITHOUT_CHANNELS', 'The page of this peer does not use the SDK.'),
    );
  }

  /** The peer has left. What waits is refused. */
  close(): void {
    this.#end(peerLeftError());
  }

  #end(error: Error): void {
    this.refusal = error;
    for (const lane of [this.reliable, this.unreliable, this.bulk]) lane.close(error);
  }
}

/** The error for what was under way when a peer left. */
export function peerLeftError(): Error {
  return dataError('ERR_PEER_LEFT', 'This peer has left the room.');
}
