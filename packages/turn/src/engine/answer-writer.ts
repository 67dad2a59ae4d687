/**
 * Writes one answer at a time and sends it to where its question came from.
 * @module
 */
import { appendProtection } from '../auth/long-term.ts';
import type { Authenticated } from '../auth/long-term.ts';
import { appendErrorCode } from '../wire/error-code.ts';
import type { ErrorCode } from '../wire/error-code.ts';
import { appendFingerprint } from '../wire/fingerprint.ts';
import { encodeMessageType, MESSAGE_CLASS } from '../wire/message-type.ts';
import { MessageWriter } from '../wire/message-writer.ts';
import type { TransportAddress } from '../wire/transport-address.ts';
import type { Outbox } from './outbox.ts';
import type { PacketSocket } from './packet-socket.ts';

/** What an answer has to know of its question. */
export interface Question {
  readonly method: number;
  /** Its transaction id lies at `bytes[transactionIdAt]`. */
  readonly bytes: Buffer;
  readonly transactionIdAt: number;
  readonly hasFingerprint: boolean;
  readonly socket: PacketSocket;
  readonly from: TransportAddress;
}

/** `begin...`, append attributes to `writer`, `send`. */
export class AnswerWriter {
  readonly writer: MessageWriter = new MessageWriter();
  readonly #outbox: Outbox;

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  /** Starts a success answer. */
  beginSuccess(question: Question): void {
    this.writer.target(this.#outbox.bytes, this.#outbox.reserve());
    this.#begin(question, encodeMessageType(question.method, MESSAGE_CLASS.success));
  }

  /** Starts an error answer, in place of what was begun before. */
  beginError(question: Question, code: ErrorCode): void {
    this.writer.target(this.#outbox.bytes, this.#outbox.reserve());
    this.#begin(question, encodeMessageType(question.method, MESSAGE_CLASS.error));
    appendErrorCode(this.writer, code);
  }

  /** Protects the answer with the key of `user`, if there is one, and sends it. */
  send({ hasFingerprint, socket, from }: Question, user?: Authenticated): void {
    if (user !== undefined) appendProtection(this.writer, user);
    if (hasFingerprint) appendFingerprint(this.writer);
    this.#outbox.sendReserved(socket, this.writer.length, from);
  }

  #begin({ bytes, transactionIdAt }: Question, type: number): void {
    this.writer.begin(type);
    this.writer.setTransactionId(bytes, transactionIdAt);
  }
}
