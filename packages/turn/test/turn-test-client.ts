/**
 * A TURN client on a fake socket: speaks as browsers do, and as they should not.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { appendXorAddress, decodeXorAddress } from '../src/wire/address-attribute.ts';
import { formatAddress } from '../src/wire/address-text.ts';
import { ATTRIBUTE } from '../src/wire/attribute-type.ts';
import { appendChannelNumber } from '../src/wire/channel-number.ts';
import type { IntegrityHash } from '../src/wire/integrity.ts';
import { longTermKey } from '../src/wire/integrity-key.ts';
import type { PasswordAlgorithm } from '../src/wire/integrity-key.ts';
import { appendLifetime } from '../src/wire/lifetime.ts';
import { encodeMessageType, MESSAGE_CLASS, METHOD } from '../src/wire/message-type.ts';
import type { MessageWriter } from '../src/wire/message-writer.ts';
import {
  appendPasswordAlgorithm,
  appendPasswordAlgorithms,
} from '../src/wire/password-algorithm.ts';
import { appendRequestedTransport, PROTOCOL_UDP } from '../src/wire/requested-transport.ts';
import { emptyAddress, isSameAddress } from '../src/wire/transport-address.ts';
import type { TransportAddress } from '../src/wire/transport-address.ts';
import type { FakeSocket } from './fake-socket.ts';
import { Answer, buildChannelData, buildMessage, buildSend, readMessage } from './turn-message.ts';
import type { Fill } from './turn-message.ts';

/** Who and where. */
export interface TestClientOptions {
  readonly socket: FakeSocket;
  readonly address: TransportAddress;
  readonly realm: string;
  readonly username: string;
  readonly password: string;
}

/** How to send a request. */
export interface RequestOptions {
  readonly transactionId?: Buffer;
  /** @default 'sha1', as browsers do */
  readonly hash?: IntegrityHash;
  /** @default none said, which means MD5 */
  readonly algorithm?: PasswordAlgorithm;
  readonly smuggle?: Fill;
  readonly fingerprint?: boolean;
  readonly nonce?: Uint8Array;
}

/** A payload that arrived. */
export interface ReceivedPayload {
  readonly via: 'data' | 'channel';
  /** Peer address, or channel number. */
  readonly from: string | number;
  readonly payload: string;
}

/** Asks, waits for nothing: fake sockets answer at once. */
export class TurnTestClient {
  readonly socket: FakeSocket;
  readonly address: TransportAddress;
  readonly #options: TestClientOptions;
  readonly #received: ReceivedPayload[] = [];
  readonly #answers: Answer[] = [];
  #nonce: Uint8Array | undefined;
  /** First relayed address of the last successful Allocate. */
  relayed: TransportAddress = emptyAddress();

  constructor(options: TestClientOptions) {
    this.#options = options;
    this.socket = options.socket;
    this.address = options.address;
  }

  /** Sends bytes as they are. */
  sendRaw(...packets: readonly Uint8Array[]): void {
    this.socket.receive(this.address, ...packets);
  }

  /** An authenticated request; fetches a nonce first if there is none. */
  request(method: number, fill: Fill, options: RequestOptions = {}): Answer {
    const answer = this.tryRequest(method, fill, options);
    if (answer === undefined) throw new TypeError('no answer');
    return answer;
  }

  /** The same; `undefined` when the server keeps silent. */
  tryRequest(method: number, fill: Fill, options: RequestOptions = {}): Answer | undefined {
    this.#nonce ??= this.challenge(method, fill)?.message.value(ATTRIBUTE.nonce);
    this.sendRaw(this.build(method, fill, options));
    return this.takeAnswer();
  }

  /** An unauthenticated request. */
  challenge(method: number = METHOD.allocate, fill: Fill = () => undefined): Answer | undefined {
    this.sendRaw(buildMessage(encodeMessageType(method, MESSAGE_CLASS.request), fill));
    return this.takeAnswer();
  }

  /** Takes this nonce from now on. */
  useNonce(nonce: Uint8Array | undefined): void {
    this.#nonce = nonce;
  }

  /** The bytes of an authenticated request. */
  build(method: number, fill: Fill, options: RequestOptions = {}): Buffer {
    const { hash = 'sha1', algorithm, transactionId = randomBytes(12) } = options;
    const key = longTermKey(this.#options, algorithm ?? 'md5');
    const credentials: Fill = (writer) => {
      fill(writer);
      writer.appendText(ATTRIBUTE.username, this.#options.username);
      writer.appendText(ATTRIBUTE.realm, this.#options.realm);
      writer.appendBytes(ATTRIBUTE.nonce, options.nonce ?? this.#nonce ?? Buffer.from('none'));
      if (algorithm === undefined) return;
      appendPasswordAlgorithms(writer);
      appendPasswordAlgorithm(writer, algorithm);
    };
    return buildMessage(encodeMessageType(method, MESSAGE_CLASS.request), credentials, {
      transactionId,
      integrity: { hash, key },
      ...(options.smuggle && { smuggle: options.smuggle }),
      ...(options.fingerprint === true && { fingerprint: true }),
    });
  }

  /** Allocates as Chromium does: nothing but the transport. */
  allocate(fill: Fill = () => undefined, options: RequestOptions = {}): Answer {
    const answer = this.request(METHOD.allocate, allocateAttributes(fill), options);
    this.noteRelayed(answer);
    return answer;
  }

  /** The same in open mode, where the answer comes in a later turn. */
  async allocateLater(fill: Fill = () => undefined, options: RequestOptions = {}): Promise<Answer> {
    const early = this.tryRequest(METHOD.allocate, allocateAttributes(fill), options);
    if (early === undefined) await settle();
    const answer = early ?? this.takeAnswer();
    if (answer === undefined) throw new TypeError('no answer');
    this.noteRelayed(answer);
    return answer;
  }

  /** Remembers the relayed address of a success answer. */
  noteRelayed(answer: Answer): void {
    this.relayed = answer.transportAddress(ATTRIBUTE.xorRelayedAddress) ?? this.relayed;
  }

  refresh(lifetime?: number, options?: RequestOptions): Answer {
    const fill: Fill = (writer) => {
      if (lifetime !== undefined) appendLifetime(writer, lifetime);
    };
    return this.request(METHOD.refresh, fill, options);
  }

  permit(...peers: readonly TransportAddress[]): number {
    return this.request(METHOD.createPermission, peerAttributes(...peers)).code;
  }

  bind(channel: number, peer: TransportAddress): number {
    return this.request(METHOD.channelBind, (writer) => {
      appendChannelNumber(writer, channel);
      peerAttributes(peer)(writer);
    }).code;
  }

  /** A Send indication. */
  send(peer: TransportAddress, payload: string): void {
    this.sendRaw(
      buildSend((writer) => {
        peerAttributes(peer)(writer);
        writer.appendText(ATTRIBUTE.data, payload);
      }),
    );
  }

  sendChannel(channel: number, payload: string): void {
    this.sendRaw(buildChannelData(channel, Buffer.from(payload)));
  }

  /** The next answer to this client. */
  takeAnswer(): Answer | undefined {
    this.#sort();
    return this.#answers.shift();
  }

  /** Payloads that arrived since the last call. */
  takeReceived(): ReceivedPayload[] {
    this.#sort();
    return this.#received.splice(0);
  }

  /** Takes what was sent to this client off the socket. */
  #sort(): void {
    const others = [];
    for (const packet of this.socket.take()) {
      if (!isSameAddress(packet.to, this.address)) others.push(packet);
      else if ((packet.bytes[0] ?? 0) >= 0x40) this.#received.push(readChannelData(packet.bytes));
      else this.#noteMessage(packet.bytes);
    }
    this.socket.sent.push(...others);
  }

  #noteMessage(bytes: Buffer): void {
    const message = readMessage(bytes);
    if (message.messageClass !== MESSAGE_CLASS.indication) {
      this.#answers.push(new Answer(bytes));
      return;
    }
    const peer = emptyAddress();
    decodeXorAddress(message, ATTRIBUTE.xorPeerAddress, peer);
    const payload = message.value(ATTRIBUTE.data)?.toString() ?? '';
    this.#received.push({ via: 'data', from: formatAddress(peer), payload });
  }
}

/** What every Allocate has, then `fill`. */
export function allocateAttributes(fill: Fill = () => undefined): Fill {
  return (writer) => {
    appendRequestedTransport(writer, PROTOCOL_UDP);
    fill(writer);
  };
}

/** One XOR-PEER-ADDRESS for each peer. */
export function peerAttributes(...peers: readonly TransportAddress[]): Fill {
  return (writer: MessageWriter) => {
    for (const peer of peers) appendXorAddress(writer, ATTRIBUTE.xorPeerAddress, peer);
  };
}

function readChannelData(bytes: Buffer): ReceivedPayload {
  const payload = bytes.toString('utf8', 4, 4 + bytes.readUInt16BE(2));
  return { via: 'channel', from: bytes.readUInt16BE(0), payload };
}

/** Lets promises settle. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
