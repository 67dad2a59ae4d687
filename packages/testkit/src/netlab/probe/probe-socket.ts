/**
 * A caller's UDP socket that asks a mirror for answers and waits for them.
 * @module
 */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { MIRROR_PORTS, decodeAnswer, encodeMessage } from './mirror-messages.ts';
import type { MirrorSocket } from './nat-classification.ts';

/** How often a request is repeated before the mirror counts as out of reach, and how fast. */
const TRIES = 10;
const RETRY_MS = 200;

/** The socket that a probe asks when it wants the plain answer. */
export const FIRST: MirrorSocket = [0, 0];

/** A fresh socket that has sent to nobody. Its owner must `close` it. */
export class ProbeSocket {
  readonly #socket: Socket;
  readonly #addresses: readonly string[];
  readonly #heard = new Set<string>();
  #lastId = 0;
  #onAnswer: ((id: number, mapped: string) => void) | undefined;

  constructor(addresses: readonly string[]) {
    this.#addresses = addresses;
    this.#socket = createSocket(isIPv6(addresses[0] ?? '') ? 'udp6' : 'udp4');
    this.#socket.on('message', (bytes) => {
      const { id, from, mapped } = decodeAnswer(bytes);
      this.#heard.add(String(from));
      this.#onAnswer?.(id, mapped);
    });
  }

  /** Own address as this socket of the mirror sees it; nothing when it is out of reach. */
  async ask(mirror: MirrorSocket): Promise<string | undefined> {
    return this.#request(mirror, [mirror]);
  }

  /**
   * Whether an answer arrives from a socket that was not sent to. Told without a clock: the answers
   * that are sure to come were sent later.
   */
  async hears(stranger: MirrorSocket): Promise<boolean> {
    await this.#request(FIRST, [stranger, FIRST]);
    await this.#request(FIRST, [stranger, FIRST]);
    await this.#request(FIRST, [FIRST]);
    return this.#heard.has(String(stranger));
  }

  close(): void {
    this.#socket.close();
  }

  #request(to: MirrorSocket, answerFrom: readonly MirrorSocket[]): Promise<string | undefined> {
    this.#lastId += 1;
    const request = encodeMessage({ id: this.#lastId, answerFrom });
    return new Promise((resolve) => {
      let tries = 0;
      const send = (): void => {
        tries += 1;
        if (tries > TRIES) finish();
        else this.#socket.send(request, MIRROR_PORTS[to[1]], this.#addresses[to[0]]);
      };
      const finish = (mapped?: string): void => {
        clearInterval(timer);
        this.#onAnswer = undefined;
        resolve(mapped);
      };
      const timer = setInterval(send, RETRY_MS);
      this.#onAnswer = (id, mapped) => {
        if (id === this.#lastId) finish(mapped);
      };
      send();
    });
  }
}
