/**
 * A TURN client over UDP that blocks until each answer is there: sets up what the load runs over.
 * @module
 */
import type { MessageReader } from '../../../packages/turn/src/wire/message-reader.ts';
import type { TransportAddress } from '../../../packages/turn/src/wire/transport-address.ts';
import type { RawSocket } from './raw-socket.ts';
import {
  TurnRequests,
  expectSuccess,
  isAnswer,
  readAnswer,
  relayedAddress,
} from './turn-requests.ts';
import type { ClientCredentials } from './turn-requests.ts';

/** An answer is asked for again after this, as datagrams get lost. */
const RETRY_MS = 300;
const MAX_TRIES = 20;

/** One allocation. */
export class TurnClient {
  readonly socket: RawSocket;
  readonly #server: TransportAddress;
  readonly #requests: TurnRequests;

  constructor(socket: RawSocket, server: TransportAddress, credentials: ClientCredentials) {
    this.socket = socket;
    this.#server = server;
    this.#requests = new TurnRequests(credentials);
  }

  /** Makes the allocation and returns its relayed address. */
  allocate(): TransportAddress {
    this.#requests.learn(this.#exchange(this.#requests.allocate()));
    return relayedAddress(expectSuccess(this.#exchange(this.#requests.allocate())));
  }

  /** Binds `channel` to `peer`, which gives permission as well. */
  bindChannel(channel: number, peer: TransportAddress): void {
    expectSuccess(this.#exchange(this.#requests.bindChannel(channel, peer)));
  }

  /** A protected Refresh, to be sent as often as one likes. */
  refreshRequest(): Buffer {
    return this.#requests.refresh();
  }

  /** Sends until the answer with the same transaction id comes. */
  #exchange(request: Buffer): MessageReader {
    const burst = { to: this.#server, bytes: request, segmentBytes: request.length };
    const prepared = this.socket.prepare([burst]);
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      this.socket.send(prepared);
      const deadline = performance.now() + RETRY_MS;
      while (performance.now() < deadline) {
        const answer = this.socket.receive();
        if (answer !== undefined && isAnswer(answer, request)) return readAnswer(answer);
      }
    }
    throw new Error('the server does not answer');
  }
}
