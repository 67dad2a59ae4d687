/**
 * A TurnServer that works in threads of its own and looks the same to its owner. A thread that
 * crashes is replaced: its calls find the relay again at the same address.
 * @module
 */
import type { Socket } from 'node:net';
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
import type { ThreadServerOptions } from './thread-messages.ts';
import { TurnThread } from './turn-thread.ts';

/** How a {@link ThreadedTurnServer} behaves. */
export interface ThreadedTurnServerOptions extends Omit<ThreadServerOptions, 'reusePort'> {
  /**
   * Threads that share the UDP port. More than one need UDP in batches, and relay `open` or `off`:
   * in hairpin mode both callers of a room have to meet in one thread. @default 1
   */
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

/** One place for a thread, whichever is in it. */
interface Seat {
  thread: TurnThread;
  startedAtMs: number;
  delayMs: number;
  restart: NodeJS.Timeout | undefined;
}

/** STUN and TURN beside the main thread. */
export class ThreadedTurnServer {
  readonly #server: ThreadServerOptions;
  readonly #workers: number;
  readonly #logger: Logger;
  readonly #workerFile: string | undefined;
  readonly #members = new MembershipRecord();
  #seats: Seat[] = [];
  #address: ListenAddress | undefined;
  #nextSeat = 0;
  #isStarting = false;

  /** @throws {RangeError} when options contradict each other. */
  constructor(options: ThreadedTurnServerOptions = {}) {
    const { workers = 1, logger = silentLogger, workerFile, ...server } = options;
    const isHairpin = (server.relay ?? (server.secrets ? 'hairpin' : 'off')) === 'hairpin';
    if (workers > 1 && (isHairpin || server.udp === 'dgram')) {
      throw new RangeError('more than one worker needs relay "open" or "off", and UDP in batches');
    }
    const reusePort = workers > 1;
    const udp = reusePort ? 'batch' : (server.udp ?? 'auto');
    this.#server = { ...server, udp, reusePort };
    this.#workers = workers;
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
    this.#members.admit(room, peer);
    for (const { thread } of this.#seats) thread.admit(room, peer);
  }

  /** `peer` is out of the room: its allocations end now, and its credentials are worth nothing. */
  revoke(room: string, peer: string): void {
    this.#members.revoke(room, peer);
    for (const { thread } of this.#seats) thread.revoke(room, peer);
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

  async #startAll(options: TurnListenOptions): Promise<ListenAddress> {
    await this.#keepNativeCode();
    let address: ListenAddress | undefined;
    while (this.#isStarting && this.#seats.length < this.#workers) {
      address = await this.#seat().thread.listen(address ?? options);
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

  #seat(): Seat {
    const seat: Seat = {
      thread: this.#startThread(() => this.#replace(seat)),
      startedAtMs: performance.now(),
      delayMs: FIRST_RESTART_DELAY_MS,
      restart: undefined,
    };
    this.#seats.push(seat);
    return seat;
  }

  #startThread(onCrash: () => void): TurnThread {
    return new TurnThread({
      server: this.#server,
      logger: this.#logger,
      ...(this.#workerFile !== undefined && { workerFile: this.#workerFile }),
      onCrash: (error) => {
        this.#logger.error('relay thread crashed', { reason: error.message });
        onCrash();
      },
    });
  }

  /** Puts a new thread into the seat of one that crashed. */
  #replace(seat: Seat): void {
    const { address } = this;
    if (address === undefined || !this.#seats.includes(seat)) return;
    if (performance.now() - seat.startedAtMs > STEADY_AFTER_MS) {
      seat.delayMs = FIRST_RESTART_DELAY_MS;
    }
    seat.restart = setTimeout(() => {
      seat.startedAtMs = performance.now();
      seat.thread = this.#startThread(() => this.#replace(seat));
      void this.#listenAgain(seat, address);
    }, seat.delayMs);
    seat.delayMs = Math.min(seat.delayMs * 2, LONGEST_RESTART_DELAY_MS);
  }

  async #listenAgain({ thread }: Seat, address: ListenAddress): Promise<void> {
    try {
      await thread.listen(address);
      this.#members.replay((type, room, peer) => thread[type](room, peer));
      this.#logger.warn('relay thread replaced');
    } catch (error) {
      this.#logger.error('relay thread does not listen', { reason: String(error) });
    }
  }
}
