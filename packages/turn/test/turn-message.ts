/**
 * TURN messages as a client writes and reads them. Test code: clear before fast.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { decodeXorAddress } from '../src/wire/address-attribute.ts';
import { formatAddress } from '../src/wire/address-text.ts';
import { ATTRIBUTE } from '../src/wire/attribute-type.ts';
import { decodeErrorCode, decodeUnknownAttributes } from '../src/wire/error-code.ts';
import { appendFingerprint } from '../src/wire/fingerprint.ts';
import { appendIntegrity } from '../src/wire/integrity.ts';
import type { IntegrityHash } from '../src/wire/integrity.ts';
import type { IntegrityKey } from '../src/wire/integrity-key.ts';
import { MessageReader } from '../src/wire/message-reader.ts';
import { encodeMessageType, MESSAGE_CLASS, METHOD } from '../src/wire/message-type.ts';
import type { MessageClass } from '../src/wire/message-type.ts';
import { MessageWriter } from '../src/wire/message-writer.ts';
import { emptyAddress } from '../src/wire/transport-address.ts';
import type { TransportAddress } from '../src/wire/transport-address.ts';

/** Appends attributes. */
export type Fill = (writer: MessageWriter) => void;

/** How to end a message. */
export interface MessageEnd {
  readonly transactionId?: Buffer;
  readonly integrity?: { readonly hash: IntegrityHash; readonly key: IntegrityKey };
  /** Appended behind the integrity attribute, where nothing may count. */
  readonly smuggle?: Fill;
  readonly fingerprint?: boolean;
}

/** Any message. */
export function buildMessage(type: number, fill: Fill, end: MessageEnd = {}): Buffer {
  const writer = new MessageWriter();
  writer.target(Buffer.alloc(4096), 0);
  writer.begin(type);
  writer.setTransactionId(end.transactionId ?? randomBytes(12), 0);
  fill(writer);
  if (end.integrity !== undefined) appendIntegrity(writer, end.integrity.hash, end.integrity.key);
  end.smuggle?.(writer);
  if (end.fingerprint === true) appendFingerprint(writer);
  return Buffer.from(writer.message());
}

/** A Send indication. */
export function buildSend(fill: Fill): Buffer {
  return buildMessage(encodeMessageType(METHOD.send, MESSAGE_CLASS.indication), fill);
}

/** ChannelData; padded as on streams when `isPadded`. */
export function buildChannelData(channel: number, payload: Uint8Array, isPadded = false): Buffer {
  const length = isPadded ? (payload.length + 3) & ~3 : payload.length;
  const bytes = Buffer.alloc(4 + length);
  bytes.writeUInt16BE(channel, 0);
  bytes.writeUInt16BE(payload.length, 2);
  bytes.set(payload, 4);
  return bytes;
}

/** A message decoded from a copy of its bytes. */
export function readMessage(bytes: Buffer): MessageReader {
  const reader = new MessageReader();
  reader.decode(Buffer.from(bytes), 0, bytes.length);
  return reader;
}

/** What a server answered. */
export class Answer {
  readonly bytes: Buffer;
  readonly message: MessageReader;
  readonly messageClass: MessageClass;
  /** 0 for success. */
  readonly code: number;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.message = readMessage(bytes);
    this.messageClass = this.message.messageClass;
    this.code = decodeErrorCode(this.message)?.code ?? 0;
  }

  get unknownAttributes(): readonly number[] {
    return decodeUnknownAttributes(this.message);
  }

  /** The first address of this type, as text, or ''. */
  address(type: number): string {
    const address = this.transportAddress(type);
    return address === undefined ? '' : formatAddress(address);
  }

  transportAddress(type: number): TransportAddress | undefined {
    const address = emptyAddress();
    return decodeXorAddress(this.message, type, address) ? address : undefined;
  }

  /** LIFETIME in seconds, or -1. */
  get lifetime(): number {
    const at = this.message.fixedValueOffset(ATTRIBUTE.lifetime, 4);
    return at === -1 ? -1 : this.message.bytes.readUInt32BE(at);
  }
}
