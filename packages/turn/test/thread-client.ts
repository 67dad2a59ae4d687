/**
 * A TURN client on real sockets: UDP, TCP or TLS.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { appendXorAddress } from '../src/wire/address-attribute.ts';
import { ATTRIBUTE } from '../src/wire/attribute-type.ts';
import { appendChannelNumber } from '../src/wire/channel-number.ts';
import { longTermKey } from '../src/wire/integrity-key.ts';
import { appendLifetime } from '../src/wire/lifetime.ts';
import { encodeMessageType, MESSAGE_CLASS, METHOD } from '../src/wire/message-type.ts';
import type { MessageWriter } from '../src/wire/message-writer.ts';
import { appendRequestedTransport, PROTOCOL_UDP } from '../src/wire/requested-transport.ts';
import { emptyAddress } from '../src/wire/transport-address.ts';
import type { TransportAddress } from '../src/wire/transport-address.ts';
import { StreamFramer } from '../src/transport/stream/stream-framer.ts';
import { Answer, buildChannelData, buildMessage } from './turn-message.ts';
import type { Fill } from './turn-message.ts';

const HOST = '127.0.0.1';
const REALM = 'parley';

/** Sends bytes, and hands on each datagram or frame that comes. */
export interface ClientLink {
  readonly isStream: boolean;
  send(bytes: Buffer): void;
  onBytes(listener: (bytes: Buffer) => void): void;
  close(): void;
}

/** What a client speaks over. */
export type LinkKind = 'udp' | 'tcp' | 'tls';

/** Connects to a port of this machine. */
export async function openLink(kind: LinkKind, port: number): Promise<ClientLink> {
  if (kind === 'udp') {
    const socket = createSocket('udp4');
    return {
      isStream: false,
      send: (bytes) => socket.send(bytes, port, HOST),
      onBytes: (listener) => socket.on('message', listener),
      close: () => socket.close(),
    };
  }
  const socket =
    kind === 'tcp'
      ? connectTcp({ port, host: HOST })
      : connectTls({ port, host: HOST, rejectUnauthorized: false });
  await new Promise((resolve, reject) => {
    socket.once(kind === 'tcp' ? 'connect' : 'secureConnect', resolve);
    socket.once('error', reject);
  });
  const framer = new StreamFramer();
  return {
    isStream: true,
    send: (bytes) => socket.write(bytes),
    onBytes: (listener) => {
      socket.on('data', (chunk) => {
        framer.push(chunk, (bytes, at, length) => {
          listener(Buffer.from(bytes.subarray(at, at + length)));
        });
      });
    },
    close: () => socket.destroy(),
  };
}

/** Who the client is. */
export interface ThreadClientUser {
  readonly username: string;
  readonly password: string;
}

/** Waits for each answer. */
export class ThreadClient {
  /** Payloads that came through channels. */
  readonly received: string[] = [];
  relayed: TransportAddress = emptyAddress();
  readonly #link: ClientLink;
  readonly #user: ThreadClientUser;
  #nonce: Uint8Array | undefined;
  #onAnswer: ((answer: Answer) => void) | undefined;

  constructor(link: ClientLink, user: ThreadClientUser) {
    this.#link = link;
    this.#user = user;
    link.onBytes((bytes) => {
      if ((bytes[0] ?? 0) >= 0x40) {
        this.received.push(bytes.toString('utf8', 4, 4 + bytes.readUInt16BE(2)));
      } else this.#onAnswer?.(new Answer(bytes));
    });
  }

  /** Its own address as the server sees it. */
  async binding(): Promise<string> {
    const answer = await this.#ask(buildMessage(typeOf(METHOD.binding), () => undefined));
    return answer.address(ATTRIBUTE.xorMappedAddress);
  }

  /** Returns the error code, or 0. */
  async allocate(): Promise<number> {
    const challenge = await this.#ask(buildMessage(typeOf(METHOD.allocate), wantUdp));
    this.#nonce = challenge.message.value(ATTRIBUTE.nonce);
    return this.allocateAgain();
  }

  /** Takes the nonce that another client was given. */
  useNonceOf(other: ThreadClient): void {
    this.#nonce = other.#nonce;
  }

  /** The same with a nonce that is known already. */
  async allocateAgain(): Promise<number> {
    const answer = await this.#request(METHOD.allocate, wantUdp);
    this.relayed = answer.transportAddress(ATTRIBUTE.xorRelayedAddress) ?? this.relayed;
    return answer.code;
  }

  /** Returns the error code, or 0. */
  async bind(channel: number, peer: TransportAddress): Promise<number> {
    const answer = await this.#request(METHOD.channelBind, (writer) => {
      appendChannelNumber(writer, channel);
      appendXorAddress(writer, ATTRIBUTE.xorPeerAddress, peer);
    });
    return answer.code;
  }

  async refresh(): Promise<number> {
    return (await this.#request(METHOD.refresh, () => undefined)).code;
  }

  /** Gives the allocation back. */
  async release(): Promise<number> {
    return (await this.#request(METHOD.refresh, (writer) => appendLifetime(writer, 0))).code;
  }

  send(channel: number, payload: string): void {
    this.#link.send(buildChannelData(channel, Buffer.from(payload), this.#link.isStream));
  }

  #request(method: number, fill: Fill): Promise<Answer> {
    const credentials: Fill = (writer) => {
      fill(writer);
      writer.appendText(ATTRIBUTE.username, this.#user.username);
      writer.appendText(ATTRIBUTE.realm, REALM);
      writer.appendBytes(ATTRIBUTE.nonce, this.#nonce ?? new Uint8Array(0));
    };
    const key = longTermKey({ ...this.#user, realm: REALM }, 'md5');
    const integrity = { hash: 'sha1', key } as const;
    return this.#ask(buildMessage(typeOf(method), credentials, { integrity }));
  }

  #ask(request: Buffer): Promise<Answer> {
    return new Promise((resolve) => {
      this.#onAnswer = (answer) => {
        if (answer.bytes.compare(request, 8, 20, 8, 20) === 0) resolve(answer);
      };
      this.#link.send(request);
    });
  }
}

/** A user that nobody knows and that needs no password: for Binding. */
export function anyUser(): ThreadClientUser {
  return { username: randomBytes(4).toString('hex'), password: '' };
}

function wantUdp(writer: MessageWriter): void {
  appendRequestedTransport(writer, PROTOCOL_UDP);
}

function typeOf(method: number): number {
  return encodeMessageType(method, MESSAGE_CLASS.request);
}
