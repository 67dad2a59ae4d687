/**
 * A small STUN and TURN client: enough to find out whether a server works, as a caller would use it.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-4
 * @module
 */
import { randomBytes } from 'node:crypto';
import { ParleyError } from '@parley/protocol';
import { appendXorAddress, decodeXorAddress } from '../wire/address-attribute.ts';
import { formatAddress } from '../wire/address-text.ts';
import { ATTRIBUTE } from '../wire/attribute-type.ts';
import { decodeErrorCode } from '../wire/error-code.ts';
import { appendIntegrity } from '../wire/integrity.ts';
import { longTermKey } from '../wire/integrity-key.ts';
import { appendLifetime } from '../wire/lifetime.ts';
import { MessageReader } from '../wire/message-reader.ts';
import { encodeMessageType, MESSAGE_CLASS, METHOD } from '../wire/message-type.ts';
import { MessageWriter, TRANSACTION_ID_BYTES } from '../wire/message-writer.ts';
import { appendRequestedTransport, PROTOCOL_UDP } from '../wire/requested-transport.ts';
import { decodeText } from '../wire/text-attribute.ts';
import { emptyAddress } from '../wire/transport-address.ts';
import type { TransportAddress } from '../wire/transport-address.ts';
import { openTurnLink } from './turn-link.ts';
import type { LinkTarget, TurnLink } from './turn-link.ts';

/** Why a server is of no use. */
export type TurnClientErrorCode = 'ERR_TURN_SILENT' | 'ERR_TURN_REFUSED';

/** A server said no. */
export class TurnRefusal extends ParleyError<TurnClientErrorCode> {
  /** The STUN error code, such as 401. */
  readonly status: number;

  constructor(status: number, reason: string) {
    super('ERR_TURN_REFUSED', `The server refused with ${status} ${reason}`.trimEnd());
    this.status = status;
  }
}

/** Where the server is and who we are. */
export interface TurnClientOptions extends LinkTarget {
  /** Absent: only `bind` works. */
  readonly username?: string;
  readonly credential?: string;
  /** How long to wait for an answer. @default 5000 */
  readonly answerTimeoutMs?: number;
}

type Fill = (writer: MessageWriter) => void;

interface Pending {
  readonly resolve: (answer: MessageReader) => void;
}

const MAX_MESSAGE_BYTES = 2048;
const DEFAULT_ANSWER_TIMEOUT_MS = 5000;
/** RFC 8489 section 6.2.1: repeated after this time, then after twice as long, and so on. */
const FIRST_REPEAT_MS = 500;
const UNAUTHORIZED = 401;
const STALE_NONCE = 438;

/** One client with one allocation at most. Its owner must `close` it. */
export class TurnClient {
  readonly #options: TurnClientOptions;
  readonly #pending = new Map<string, Pending>();
  readonly #received: Buffer[] = [];
  readonly #receivers: ((payload: Buffer) => void)[] = [];
  #link: TurnLink | undefined;
  #realm = '';
  #nonce: Buffer | undefined;

  private constructor(options: TurnClientOptions) {
    this.#options = options;
  }

  /** Rejects with the system's error when the server cannot be reached. */
  static async open(options: TurnClientOptions): Promise<TurnClient> {
    const client = new TurnClient(options);
    client.#link = await openTurnLink(options, (message) => client.#take(message));
    return client;
  }

  /** Our address as the server sees it. @throws {ParleyError} a {@link TurnClientErrorCode} */
  async bind(): Promise<string> {
    const answer = await this.#ask(METHOD.binding, () => {});
    return formatAddress(addressIn(answer, ATTRIBUTE.xorMappedAddress));
  }

  /** Allocates; resolves to the relayed address. @throws {ParleyError} a {@link TurnClientErrorCode} */
  async allocate(): Promise<TransportAddress> {
    const answer = await this.#demand(METHOD.allocate, (writer) =>
      appendRequestedTransport(writer, PROTOCOL_UDP),
    );
    return addressIn(answer, ATTRIBUTE.xorRelayedAddress);
  }

  /** Lets `peer` send to us. @throws {ParleyError} a {@link TurnClientErrorCode} */
  async permit(peer: TransportAddress): Promise<void> {
    await this.#demand(METHOD.createPermission, (writer) =>
      appendXorAddress(writer, ATTRIBUTE.xorPeerAddress, peer),
    );
  }

  /** Sends through the relay; nobody says whether it arrived. */
  send(peer: TransportAddress, payload: Uint8Array): void {
    const type = encodeMessageType(METHOD.send, MESSAGE_CLASS.indication);
    const message = build(type, randomBytes(TRANSACTION_ID_BYTES), (writer) => {
      appendXorAddress(writer, ATTRIBUTE.xorPeerAddress, peer);
      writer.appendBytes(ATTRIBUTE.data, payload);
    });
    this.#link?.send(message);
  }

  /** The next payload that came through the relay; `undefined` after `timeoutMs`. */
  receive(timeoutMs: number): Promise<Buffer | undefined> {
    const early = this.#received.shift();
    if (early !== undefined) return Promise.resolve(early);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), timeoutMs);
      this.#receivers.push((payload) => {
        clearTimeout(timer);
        resolve(payload);
      });
    });
  }

  /** Gives the allocation back without waiting for the answer. Idempotent. */
  close(): void {
    if (this.#nonce !== undefined) {
      const id = randomBytes(TRANSACTION_ID_BYTES);
      this.#link?.send(this.#signed(METHOD.refresh, id, (writer) => appendLifetime(writer, 0)));
    }
    this.#nonce = undefined;
    const link = this.#link;
    this.#link = undefined;
    // What was just written is let go first.
    setImmediate(() => link?.close());
  }

  /** An authenticated request: the first answer brings the nonce. */
  async #demand(method: number, fill: Fill): Promise<MessageReader> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#ask(method, fill);
      } catch (error) {
        const isChallenge = error instanceof TurnRefusal && this.#isChallenge(error, attempt);
        if (!isChallenge) throw error;
      }
    }
  }

  #isChallenge({ status }: TurnRefusal, attempt: number): boolean {
    return attempt < 2 && (status === STALE_NONCE || (status === UNAUTHORIZED && attempt === 0));
  }

  async #ask(method: number, fill: Fill): Promise<MessageReader> {
    const id = randomBytes(TRANSACTION_ID_BYTES);
    const answer = await this.#exchange(id, this.#signed(method, id, fill));
    this.#realm = decodeText(answer, 'realm') ?? this.#realm;
    const nonce = answer.value(ATTRIBUTE.nonce);
    if (nonce !== undefined) this.#nonce = Buffer.from(nonce);
    const refusal = decodeErrorCode(answer);
    if (refusal !== undefined) throw new TurnRefusal(refusal.code, refusal.reason);
    return answer;
  }

  #signed(method: number, id: Buffer, fill: Fill): Buffer {
    const { username = '', credential: password = '' } = this.#options;
    const nonce = this.#nonce;
    return build(encodeMessageType(method, MESSAGE_CLASS.request), id, (writer) => {
      fill(writer);
      if (nonce === undefined || method === METHOD.binding) return;
      writer.appendText(ATTRIBUTE.username, username);
      writer.appendText(ATTRIBUTE.realm, this.#realm);
      writer.appendBytes(ATTRIBUTE.nonce, nonce);
      const key = longTermKey({ username, realm: this.#realm, password }, 'md5');
      appendIntegrity(writer, 'sha1', key);
    });
  }

  #exchange(id: Buffer, message: Buffer): Promise<MessageReader> {
    const { answerTimeoutMs = DEFAULT_ANSWER_TIMEOUT_MS } = this.#options;
    const name = id.toString('hex');
    let repeat: NodeJS.Timeout | undefined;
    const send = (delayMs: number): void => {
      this.#link?.send(message);
      if (this.#link?.isLossy === true) repeat = setTimeout(() => send(delayMs * 2), delayMs);
    };
    return new Promise<MessageReader>((resolve, reject) => {
      const end = setTimeout(() => {
        reject(new ParleyError('ERR_TURN_SILENT', 'The server does not answer.'));
      }, answerTimeoutMs);
      this.#pending.set(name, {
        resolve: (answer) => {
          clearTimeout(end);
          resolve(answer);
        },
      });
      send(FIRST_REPEAT_MS);
    }).finally(() => {
      clearTimeout(repeat);
      this.#pending.delete(name);
    });
  }

  #take(bytes: Buffer): void {
    const message = new MessageReader();
    try {
      message.decode(Buffer.from(bytes), 0, bytes.length);
    } catch {
      return; // Not for us, whatever it is.
    }
    if (message.method === METHOD.data) return this.#deliver(message.value(ATTRIBUTE.data));
    const id = message.bytes.toString('hex', 8, 8 + TRANSACTION_ID_BYTES);
    this.#pending.get(id)?.resolve(message);
  }

  #deliver(payload: Buffer | undefined): void {
    if (payload === undefined) return;
    const receiver = this.#receivers.shift();
    if (receiver === undefined) this.#received.push(payload);
    else receiver(payload);
  }
}

function build(type: number, id: Buffer, fill: Fill): Buffer {
  const writer = new MessageWriter();
  writer.target(Buffer.alloc(MAX_MESSAGE_BYTES), 0);
  writer.begin(type);
  writer.setTransactionId(id, 0);
  fill(writer);
  return writer.message();
}

function addressIn(answer: MessageReader, type: number): TransportAddress {
  const address = emptyAddress();
  if (decodeXorAddress(answer, type, address)) return address;
  throw new ParleyError('ERR_TURN_SILENT', 'The answer of the server has no address in it.');
}
