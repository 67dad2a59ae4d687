/**
 * A TURN client on a real UDP socket that retransmits, for any server.
 * @module
 */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { ATTRIBUTE } from '../src/wire/attribute-type.ts';
import { longTermKey } from '../src/wire/integrity-key.ts';
import { encodeMessageType, MESSAGE_CLASS } from '../src/wire/message-type.ts';
import { Answer, buildMessage } from './turn-message.ts';
import type { Fill } from './turn-message.ts';

/** Which server, and who asks. */
export interface UdpTurnClientOptions {
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

const RETRANSMIT_MS = 500;
const MAX_TRIES = 10;

/** Learns realm and nonce from the server's first refusal. */
export class UdpTurnClient {
  readonly #options: UdpTurnClientOptions;
  readonly #socket: Socket = createSocket('udp4');
  #challenge: Answer | undefined;

  constructor(options: UdpTurnClientOptions) {
    this.#options = options;
  }

  /** @throws when the server does not answer. */
  async request(method: number, fill: Fill): Promise<Answer> {
    const type = encodeMessageType(method, MESSAGE_CLASS.request);
    this.#challenge ??= await this.#exchange(buildMessage(type, fill));
    const { message } = this.#challenge;
    const { username, password } = this.#options;
    const realm = message.value(ATTRIBUTE.realm)?.toString() ?? '';
    const nonce = message.value(ATTRIBUTE.nonce) ?? Buffer.alloc(0);
    const key = longTermKey({ username, realm, password }, 'md5');
    const signed: Fill = (writer) => {
      fill(writer);
      writer.appendText(ATTRIBUTE.username, username);
      writer.appendText(ATTRIBUTE.realm, realm);
      writer.appendBytes(ATTRIBUTE.nonce, nonce);
    };
    return this.#exchange(buildMessage(type, signed, { integrity: { hash: 'sha1', key } }));
  }

  close(): void {
    this.#socket.close();
  }

  #exchange(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      let tries = 0;
      const send = (): void => {
        tries += 1;
        if (tries > MAX_TRIES) done(() => reject(new Error('the server does not answer')));
        else this.#socket.send(request, this.#options.port, '127.0.0.1');
      };
      const onMessage = (bytes: Buffer): void => {
        if (bytes.compare(request, 8, 20, 8, 20) === 0) done(() => resolve(new Answer(bytes)));
      };
      const timer = setInterval(send, RETRANSMIT_MS);
      const done = (settle: () => void): void => {
        clearInterval(timer);
        this.#socket.off('message', onMessage);
        settle();
      };
      this.#socket.on('message', onMessage);
      send();
    });
  }
}
