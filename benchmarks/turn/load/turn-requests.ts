/**
 * The requests of a TURN client with long-term credentials. Pure: what they travel over, and how one
 * waits for answers, is not decided here.
 * @see https://www.rfc-editor.org/rfc/rfc8656
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  appendXorAddress,
  decodeXorAddress,
} from '../../../packages/turn/src/wire/address-attribute.ts';
import { ATTRIBUTE } from '../../../packages/turn/src/wire/attribute-type.ts';
import { appendChannelNumber } from '../../../packages/turn/src/wire/channel-number.ts';
import { decodeErrorCode } from '../../../packages/turn/src/wire/error-code.ts';
import { appendIntegrity } from '../../../packages/turn/src/wire/integrity.ts';
import { longTermKey } from '../../../packages/turn/src/wire/integrity-key.ts';
import type { IntegrityKey } from '../../../packages/turn/src/wire/integrity-key.ts';
import { appendLifetime } from '../../../packages/turn/src/wire/lifetime.ts';
import { MessageReader } from '../../../packages/turn/src/wire/message-reader.ts';
import {
  MESSAGE_CLASS,
  METHOD,
  encodeMessageType,
} from '../../../packages/turn/src/wire/message-type.ts';
import { MessageWriter } from '../../../packages/turn/src/wire/message-writer.ts';
import {
  PROTOCOL_UDP,
  appendRequestedTransport,
} from '../../../packages/turn/src/wire/requested-transport.ts';
import { emptyAddress } from '../../../packages/turn/src/wire/transport-address.ts';
import type { TransportAddress } from '../../../packages/turn/src/wire/transport-address.ts';

/** Who the client is at the server. */
export interface ClientCredentials {
  readonly username: string;
  readonly password: string;
}

const LIFETIME_SECONDS = 3600;
const MAX_REQUEST_BYTES = 1024;

/** Builds requests. */
export class TurnRequests {
  readonly #credentials: ClientCredentials;
  #realm = '';
  #nonce: Buffer = Buffer.alloc(0);
  #key: IntegrityKey | undefined;

  constructor(credentials: ClientCredentials) {
    this.#credentials = credentials;
  }

  /** Takes realm and nonce from the refusal of the first request. */
  learn(refusal: MessageReader): void {
    this.#realm = refusal.value(ATTRIBUTE.realm)?.toString() ?? '';
    this.#nonce = Buffer.from(refusal.value(ATTRIBUTE.nonce) ?? '');
    this.#key = longTermKey({ ...this.#credentials, realm: this.#realm }, 'md5');
  }

  allocate(): Buffer {
    return this.#encode(METHOD.allocate, (writer) => {
      appendRequestedTransport(writer, PROTOCOL_UDP);
      appendLifetime(writer, LIFETIME_SECONDS);
    });
  }

  bindChannel(channel: number, peer: TransportAddress): Buffer {
    return this.#encode(METHOD.channelBind, (writer) => {
      appendChannelNumber(writer, channel);
      appendXorAddress(writer, ATTRIBUTE.xorPeerAddress, peer);
    });
  }

  refresh(): Buffer {
    return this.#encode(METHOD.refresh, (writer) => appendLifetime(writer, LIFETIME_SECONDS));
  }

  #encode(method: number, write: (writer: MessageWriter) => void): Buffer {
    const writer = new MessageWriter();
    writer.target(Buffer.alloc(MAX_REQUEST_BYTES), 0);
    writer.begin(encodeMessageType(method, MESSAGE_CLASS.request));
    writer.setTransactionId(randomBytes(12), 0);
    write(writer);
    if (this.#key !== undefined) {
      writer.appendText(ATTRIBUTE.username, this.#credentials.username);
      writer.appendText(ATTRIBUTE.realm, this.#realm);
      writer.appendBytes(ATTRIBUTE.nonce, this.#nonce);
      appendIntegrity(writer, 'sha1', this.#key);
    }
    return Buffer.from(writer.message());
  }
}

/** True when both have the same transaction id. */
export function isAnswer(answer: Buffer, request: Buffer): boolean {
  return answer.length >= 20 && answer.compare(request, 8, 20, 8, 20) === 0;
}

/** Decodes an answer. */
export function readAnswer(answer: Buffer): MessageReader {
  const reader = new MessageReader();
  reader.decode(Buffer.from(answer), 0, answer.length);
  return reader;
}

/** @throws {Error} with the code when the answer is a refusal */
export function expectSuccess(answer: MessageReader): MessageReader {
  if (answer.messageClass === MESSAGE_CLASS.success) return answer;
  throw new Error(`refused: ${decodeErrorCode(answer)?.code ?? 'without a reason'}`);
}

/** The relayed address in the answer to an Allocate. */
export function relayedAddress(answer: MessageReader): TransportAddress {
  const relayed = emptyAddress();
  decodeXorAddress(answer, ATTRIBUTE.xorRelayedAddress, relayed);
  return relayed;
}
