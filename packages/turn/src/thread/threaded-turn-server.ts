/**
 * A TurnServer that works in threads of its own and looks the same to its owner. A thread that
 * crashes is replaced: its calls find the relay again at the same address.
 * @module
 */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import { emptyTurnCounters } from '../engine/counters.ts';
import type { TurnCounters } from '../engine/counters.ts';
import { silentLogger } from '../engine/logger.ts';
import type { Logger } from '../engine/logger.ts';
import { loadLibc } from '../transport/batch/libc.ts';
import { emptyTransportCounters } from '../transport/transport-counters.ts';
import type { TransportCounters } from '../transport/transport-counters.ts';
import type { ListenAddress, TurnListenOptions } from '../turn-server.ts';
import { addCounters } from './add-counters.ts';
import { MembershipRecord } from './membership-record.ts';
import { StreamTable } from './stream-table.ts';
import type { MemberChange, ThreadServerOptions } from './thread-messages.ts';
import { TurnThread } from './turn-thread.ts';

/** How a {@link ThreadedTurnServer} behaves. */
export interface ThreadedTurnServerOptions extends Omit<ThreadServerOptions, 'reusePort'> {
  /** Threads that share the UDP port. More than one need UDP in batches. @default 1 */
  readonly workers?: number;
  /** @default silent */
  readonly logger?: Logger;
  /** The script of the threads. @default that of this package */
  readonly workerFile?: string;
}

/** A thread that crashes again and again is started less and less often. */
const FIRST_RESTART_DELAY_MS = 100;
const LONGEST_RESTART_DELAY_MS = 10_000;
/** A thread that held out this long starts with the first delay again. */
const STEADY_AFTER_MS = 60_000;

const NONCE_KEY_BYTES = 32;

/** One place for a thread, whichever is in it. */
interface Seat {
  readonly number: number;
  thread: TurnThread;
  startedAtMs: number;
  delayMs: number;
  restart: NodeJS.Timeout | undefined;
  isListening: boolean;
}

/** How the threads are. */
export interface ThreadHealth {
  /** Those that do not listen, and are being started again. */
  readonly down: number;
  /** How often one was started again. */
  readonly restarts: number;
}

/** STUN and TURN beside the main thread. */
export class ThreadedTurnServer {
  readonly #server: ThreadServerOptions;
  readonly #workers: number;
  readonly #logger: Logger;
  readonly #workerFile: string | undefined;
  readonly #members = new MembershipRecord();
  readonly #streams = new StreamTable();
  readonly #nonceKey = randomBytes(NONCE_KEY_BYTES);
  /** See `ThreadTeam`. */
  readonly #news: Int32Array;
  #seats: Seat[] = [];
  #address: ListenAddress | undefined;
  #nextSeat = 0;
  #isStarting = false;
  #restarts = 0;

  /** @throws {RangeError} when options contradict each other. */
  constructor(options: ThreadedTurnServerOptions = {}) {
    const { workers = 1, logger = silentLogger, workerFile, ...server } = options;
    if (workers > 1 && server.udp === 'dgram') {
      throw new RangeError('more than one worker needs UDP in batches');
    }
    const reusePort = workers > 1;
    const udp = reusePort ? 'batch' : (server.udp ?? 'auto');
    this.#server = { ...server, udp, reusePort };
    this.#workers = workers;
    this.#news = new Int32Array(new SharedArrayBuffer(workers * Int32Array.BYTES_PER_ELEMENT));
    this.#logger = logger;
    this.#workerFile = workerFile;
  }

  /** Where it listens, with the real port; `undefined` before `listen` and after `close`. */
  get address(): ListenAddress | undefined {
    return this.#address;
  }

  /** Totals of all threads, at most a second old. A crash loses those of its thread. */
  get counters(): TurnCounters {
    return this.#seats
      .map(({ thread }) => thread.counters.turn)
      .reduce((sum, counters) => addCounters(sum, counters), emptyTurnCounters());
  }

  /** What the sockets had to drop, at most a second old. */
  get transportCounters(): TransportCounters {
    return this.#seats
      .map(({ thread }) => thread.counters.transport)
      .reduce((sum, counters) => addCounters(sum, counters), emptyTransportCounters());
  }

  get health(): ThreadHealth {
    const down = this.#seats.filter(({ isListening }) => !isListening).length;
    return { down, restarts: this.#restarts };
  }

  /**
   * Starts the threads and binds the sockets.
   * @throws what `TurnServer.listen` throws; nothing stays bound
   */
  async listen(options: TurnListenOptions = {}): Promise<ListenAddress> {
    if (this.#isStarting || this.#address !== undefined) {
      throw new TypeError('This TurnServer listens already.');
    }
    this.#isStarting = true;
    try {
      this.#address = await this.#startAll(options);
      return this.#address;
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      this.#isStarting = false;
    }
  }

  /** Serves a TCP or TLS connection whose next bytes are STUN or ChannelData. */
  handleConnection(socket: Socket, transport: 'tcp' | 'tls'): void {
    this.#nextSeat = (this.#nextSeat + 1) % Math.max(1, this.#seats.length);
    const seat = this.#seats[this.#nextSeat];
    if (seat === undefined) socket.destroy();
    else seat.thread.handleConnection(socket, transport);
  }

  /** `peer` is in the room of this name: its allocations may outlive its credentials. */
  admit(room: string, peer: string): void {
    const wasRevoked = this.#members.admit(room, peer);
    this.#tell({ type: 'admit', room, peer }, wasRevoked);
  }

  /** `peer` is out of the room: its allocations end now, and its credentials are worth nothing. */
  revoke(room: string, peer: string): void {
    this.#members.revoke(room, peer);
    this.#tell({ type: 'revoke', room, peer }, false);
  }

  /** Frees the sockets and ends the threads. Idempotent. */
  async close(): Promise<void> {
    const seats = this.#seats;
    this.#isStarting = false;
    this.#seats = [];
    this.#address = undefined;
    for (const { restart } of seats) clearTimeout(restart);
    await Promise.all(seats.map(({ thread }) => thread.close()));
  }

  #tell(change: MemberChange, isUrgent: boolean): void {
    for (const { thread } of this.#seats) thread.tell([change], isUrgent);
  }

  async #startAll(options: TurnListenOptions): Promise<ListenAddress> {
    await this.#keepNativeCode();
    for (let number = 0; number < this.#workers; number += 1) this.#seat(number);
    for (const seat of this.#seats) this.#connect(seat, ({ number }) => number < seat.number);
    let address: ListenAddress | undefined;
    for (const seat of this.#seats) {
      if (!this.#isStarting) break;
      address = await seat.thread.listen(address ?? options);
      seat.isListening = true;
    }
    if (!this.#isStarting || address === undefined) throw new TypeError('closed while starting');
    return address;
  }

  /**
   * Native code that only a thread has loaded is unmapped when the thread ends, while the event loop
   * may still be about to call it: the process would crash. Loaded here too, it stays.
   */
  async #keepNativeCode(): Promise<void> {
    if (this.#server.udp !== 'dgram') await loadLibc();
  }

  #seat(number: number): void {
    const seat: Seat = {
      number,
      thread: this.#startThread(number, () => this.#replace(seat)),
      startedAtMs: performance.now(),
      delayMs: FIRST_RESTART_DELAY_MS,
      restart: undefined,
      isListening: false,
    };
    this.#seats.push(seat);
  }

  /** Makes the thread in `seat` and those in the chosen other seats known to each other. */
  #connect(seat: Seat, isChosen: (other: Seat) => boolean): void {
    for (const other of this.#seats.filter((one) => isChosen(one))) {
      const { port1, port2 } = new MessageChannel();
      seat.thread.connect(other.number, port1);
      other.thread.connect(seat.number, port2);
    }
  }

  #startThread(seat: number, onCrash: () => void): TurnThread {
    const team = { seat, seats: this.#workers, nonceKey: this.#nonceKey, news: this.#news };
    return new TurnThread({
      server: this.#server,
      team: this.#workers > 1 ? team : undefined,
      streams: this.#streams,
      logger: this.#logger,
      ...(this.#workerFile !== undefined && { workerFile: this.#workerFile }),
      onCrash: (error) => {
        this.#logger.error('relay thread crashed', { reason: error.message });
        onCrash();
      },
    });
  }

  /** Puts a new thread into the seat of one that crashed, or could not listen. */
  #replace(seat: Seat): void {
    const { address } = this;
    seat.isListening = false;
    if (address === undefined || !this.#seats.includes(seat) || seat.restart !== undefined) return;
    if (performance.now() - seat.startedAtMs > STEADY_AFTER_MS) {
      seat.delayMs = FIRST_RESTART_DELAY_MS;
    }
    seat.restart = setTimeout(() => {
      seat.restart = undefined;
      this.#restarts += 1;
      seat.startedAtMs = performance.now();
      seat.thread = this.#startThread(seat.number, () => this.#replace(seat));
      this.#connect(seat, (other) => other !== seat);
      void this.#listenAgain(seat, address);
    }, seat.delayMs);
    seat.delayMs = Math.min(seat.delayMs * 2, LONGEST_RESTART_DELAY_MS);
  }

  async #listenAgain(seat: Seat, address: ListenAddress): Promise<void> {
    const { thread } = seat;
    try {
      await thread.listen(address);
      seat.isListening = true;
      thread.tell(this.#members.all(), true);
      this.#logger.warn('relay thread replaced');
    } catch (error) {
      const fields = { reason: String(error), port: address.port, againInMs: seat.delayMs };
      this.#logger.error('relay thread does not listen', fields);
      await thread.close();
      this.#replace(seat);
    }
  }
}
