/**
 * Redis between the nodes: one hash with the card of each node, and one stream per node as its letter
 * box. Nothing in it has to last: a Redis that forgets everything is filled again within a second.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import type { Logger } from '../logger.ts';
import type { NodeBus } from './node-bus.ts';
import type { NodeId } from './node-id.ts';

/** Why there is no Redis. */
export type RedisErrorCode = 'ERR_REDIS';

/** What the bus is made of. */
export interface RedisBusOptions {
  /** As in `redis://user:password@host:6379/0`, or `rediss:` for TLS. */
  readonly url: string;
  readonly self: NodeId;
  readonly logger: Logger;
}

const CARDS = 'parley:nodes';
const LETTER = 'letter';
/** The letter box of a dead node is gone after this time. */
const BOX_LIFE_MS = 30_000;
/** More letters than this wait for nobody: who is so far behind starts afresh. */
const MAX_LETTERS = 10_000;
const LETTERS_PER_READ = 200;
const READ_WAIT_MS = 1_000;
/** A read that brings nothing for longer is stuck. */
const READ_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_MS = 300;

/** @see https://nodejs.org/docs/latest-v20.x/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE_CODE = /^(?:CERT_|DEPTH_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/u;

const COMMON = {
  lazyConnect: true,
  connectTimeout: CONNECT_TIMEOUT_MS,
  retryStrategy: (): number => RECONNECT_MS,
  // What cannot be sent now is told at once: the nodes decide what is worth saying again.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
} as const satisfies RedisOptions;

/** See the module comment. Its owner must `close` it. */
export class RedisBus implements NodeBus {
  readonly #redis: Redis;
  /** Waits for letters, and can do nothing else meanwhile. */
  readonly #reader: Redis;
  readonly #self: NodeId;
  readonly #box: string;
  #lastRead = '0-0';
  /** Why a connection ended: its end itself says only that it is closed. */
  #lastError: Error | undefined;
  #isClosed = false;

  private constructor({ url, self, logger }: RedisBusOptions) {
    this.#self = self;
    this.#box = boxOf(self);
    this.#redis = new Redis(url, { ...COMMON, commandTimeout: COMMAND_TIMEOUT_MS });
    this.#reader = new Redis(url, { ...COMMON, commandTimeout: READ_TIMEOUT_MS });
    for (const redis of [this.#redis, this.#reader]) {
      redis.on('error', (error: Error) => {
        this.#lastError = error;
        logger.debug('redis', { error: error.message });
      });
    }
  }

  /** @throws {ParleyError} `ERR_REDIS` when nobody answers at the address */
  static async connect(options: RedisBusOptions): Promise<RedisBus> {
    const bus = new RedisBus(options);
    try {
      await Promise.all([bus.#redis.connect(), bus.#reader.connect()]);
      return bus;
    } catch (error) {
      bus.close();
      const cause = bus.#lastError ?? error;
      throw new ParleyError('ERR_REDIS', explain(new URL(options.url).host, cause), { cause });
    }
  }

  async beat(card: Buffer): Promise<ReadonlyMap<NodeId, Buffer>> {
    const redis = this.#redis;
    // A letter to ourselves makes the box again when it is gone.
    const [cards] = await Promise.all([
      redis.hset(CARDS, this.#self, card).then(() => redis.hgetallBuffer(CARDS)),
      redis.xadd(this.#box, 'MAXLEN', '~', MAX_LETTERS, '*', 'beat', ''),
      redis.xtrim(this.#box, 'MINID', this.#lastRead),
      redis.pexpire(this.#box, BOX_LIFE_MS),
    ]);
    return new Map(Object.entries(cards));
  }

  async takeDown(node: NodeId): Promise<void> {
    await this.#redis.hdel(CARDS, node).catch(() => 0);
  }

  async send(to: NodeId, letter: Buffer): Promise<void> {
    const box = boxOf(to);
    const size = ['MAXLEN', '~', MAX_LETTERS] as const;
    const id = await this.#redis.xadd(box, 'NOMKSTREAM', ...size, '*', LETTER, letter);
    if (id === null) throw new Error('the node has no letter box');
  }

  listen(receive: (letter: Buffer) => void): void {
    void this.#read(receive);
  }

  close(): void {
    this.#isClosed = true;
    this.#redis.disconnect();
    this.#reader.disconnect();
  }

  async #read(receive: (letter: Buffer) => void): Promise<void> {
    while (!this.#isClosed) {
      try {
        for (const letter of await this.#next()) receive(letter);
      } catch {
        // What was missed is noticed by its number.
        await new Promise((resolve) => {
          setTimeout(resolve, RECONNECT_MS);
        });
      }
    }
  }

  async #next(): Promise<Buffer[]> {
    const wait = ['COUNT', LETTERS_PER_READ, 'BLOCK', READ_WAIT_MS] as const;
    const reply = await this.#reader.xreadBuffer(...wait, 'STREAMS', this.#box, this.#lastRead);
    const entries = reply?.[0]?.[1] ?? [];
    this.#lastRead = entries.at(-1)?.[0].toString() ?? this.#lastRead;
    return entries.flatMap(([, [name, letter]]) =>
      name?.toString() === LETTER && letter !== undefined ? [letter] : [],
    );
  }
}

function boxOf(node: NodeId): string {
  return `parley:node:${node}`;
}

/** What is wrong, and what to do. */
function explain(host: string, cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (isUntrusted(cause)) {
    return (
      `The certificate of Redis at ${host} is not trusted (${reason}). Set NODE_EXTRA_CA_CERTS to ` +
      'the file of the authority that signed it, or correct the address.'
    );
  }
  return `Redis does not answer at ${host} (${reason}). Start it, or correct the address.`;
}

function isUntrusted(cause: unknown): boolean {
  const code: unknown = cause instanceof Error && Reflect.get(cause, 'code');
  return typeof code === 'string' && CERTIFICATE_CODE.test(code);
}
