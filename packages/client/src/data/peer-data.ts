/**
 * Everything that goes to and comes from one peer beside media: a lane for each way of delivery. Lives
 * as long as the peer does, whatever happens to the connection.
 * @module
 */
import { dataError, peerLeftError } from './data-error.ts';
import { Lane } from './lane.ts';
import type { Delivery, PipesListener } from './peer-pipes.ts';
import { rtcPipe } from './rtc-pipe.ts';

/** 4 MiB of full frames: enough for 20 MB/s at 200 ms. */
const WINDOW_FRAMES = 256;
const INSTANCES = 2 ** 32;

/** See the module comment. Hears of the pipes to its peer. */
export class PeerData implements PipesListener {
  readonly reliable: Lane;
  readonly unreliable: Lane;
  readonly bulk: Lane;
  /** Why nothing can be sent. */
  refusal: Error | undefined;

  constructor() {
    const instance = Math.floor(Math.random() * INSTANCES);
    this.reliable = new Lane(instance, WINDOW_FRAMES);
    this.unreliable = new Lane(instance, 0);
    this.bulk = new Lane(instance, WINDOW_FRAMES);
  }

  opened(delivery: Delivery, channel: RTCDataChannel): void {
    this[delivery].opened(rtcPipe(channel, () => this[delivery].drained()));
  }

  received(delivery: Delivery, bytes: Uint8Array): void {
    this[delivery].receive(bytes);
  }

  refuse(): void {
    this.#end(
      dataError('ERR_PEER_WITHOUT_CHANNELS', 'The page of this peer does not use the SDK.'),
    );
  }

  close(): void {
    this.#end(peerLeftError());
  }

  #end(error: Error): void {
    this.refusal = error;
    for (const lane of [this.reliable, this.unreliable, this.bulk]) lane.close(error);
  }
}
