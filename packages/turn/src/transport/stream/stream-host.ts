/**
 * All TCP and TLS connections of one relay thread: hands their frames to the engine in batches and
 * closes those that stall, lie, or are too many.
 * @module
 */
import { systemClock } from '../../engine/clock.ts';
import type { Clock } from '../../engine/clock.ts';
import type { PacketReceiver, PacketSocket } from '../../engine/packet-socket.ts';
import { formatIp } from '../../wire/address-text.ts';
import type { TransportCounters } from '../transport-counters.ts';
import { FrameArena } from './frame-arena.ts';
import type { FrameWriter } from './frame-writer.ts';
import { StreamConnection } from './stream-connection.ts';
import type { StreamEnds } from './stream-connection.ts';

/** Bounds on what connections may cost. */
export interface StreamLimits {
  /** Connections in all. @default 4096 */
  readonly maxConnections?: number;
  /** Connections from one IP address; a whole school may share one. @default 256 */
  readonly maxConnectionsPerAddress?: number;
}

/** What a host is built from. */
export interface StreamHostOptions {
  readonly receiver: PacketReceiver;
  readonly counters: TransportCounters;
  readonly limits?: StreamLimits;
  /**
   * True for a connection that holds an allocation. One that holds none is closed after a while,
   * and makes room for others when there are too many. @default all are in use
   */
  readonly isInUse?: (connection: PacketSocket) => boolean;
  /** @default the clock of this machine */
  readonly clock?: Clock;
}

const DEFAULT_MAX_CONNECTIONS = 4096;
const DEFAULT_MAX_CONNECTIONS_PER_ADDRESS = 256;

/** Time for the first frame, and for any frame that has begun. */
const OWED_BYTES_TIMEOUT_MS = 10_000;

/** The longest allocation lives an hour and is refreshed before its end; then somebody is gone. */
const SILENCE_TIMEOUT_MS: number = 61 * 60_000;

/** Time for getting an allocation, and after its end. A client needs two round trips. */
const UNUSED_TIMEOUT_MS = 30_000;

const SWEEP_INTERVAL_MS = 1000;

/** The connections of one thread. */
export class StreamHost {
  readonly #receiver: PacketReceiver;
  readonly #counters: TransportCounters;
  readonly #limits: Required<StreamLimits>;
  readonly #clock: Clock;
  readonly #isInUse: (connection: PacketSocket) => boolean;
  readonly #arena = new FrameArena();
  readonly #connections = new Set<StreamConnection>();
  readonly #perAddress = new Map<string, number>();
  #sweeper: NodeJS.Timeout | undefined;

  constructor(options: StreamHostOptions) {
    const { receiver, counters, limits = {}, clock = systemClock } = options;
    this.#receiver = receiver;
    this.#counters = counters;
    this.#clock = clock;
    this.#isInUse = options.isInUse ?? (() => true);
    this.#limits = {
      maxConnections: DEFAULT_MAX_CONNECTIONS,
      maxConnectionsPerAddress: DEFAULT_MAX_CONNECTIONS_PER_ADDRESS,
      ...limits,
    };
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /**
   * Takes a connection on. When there are too many, the oldest one without an allocation makes room;
   * when all have one, `writer` is closed and nothing returned.
   */
  open(ends: StreamEnds, writer: FrameWriter): StreamConnection | undefined {
    const address = formatIp(ends.remote);
    const count = this.#perAddress.get(address) ?? 0;
    if (!this.#hasRoom(address, count)) {
      this.#counters.streamRefused += 1;
      writer.close();
      return undefined;
    }
    this.#perAddress.set(address, count + 1);
    const connection = new StreamConnection({
      ...ends,
      writer,
      nowMs: this.#clock.monotonicMs(),
      onClosed: (closed) => this.#forget(closed, address),
    });
    this.#connections.add(connection);
    this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_INTERVAL_MS).unref();
    return connection;
  }

  /** Hands the frames in `chunk` to the engine and ends the batch. */
  receive(connection: StreamConnection, chunk: Buffer): void {
    if (!connection.isOpen) return;
    const skippedBefore = connection.skippedFrames;
    const isWellFormed = connection.push(
      chunk,
      this.#clock.monotonicMs(),
      (bytes, offset, length) => {
        if (!connection.isOpen) return;
        if (this.#arena.isFull) this.#endBatch();
        const packet = this.#arena.store({ bytes, offset, length }, connection, connection.remote);
        this.#receiver.onPacket(packet);
      },
    );
    this.#endBatch();
    this.#counters.streamOversized += connection.skippedFrames - skippedBefore;
    if (isWellFormed || !connection.isOpen) return;
    this.#counters.streamMalformed += 1;
    connection.close();
  }

  /** Closes all connections. */
  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  /** True when one more connection may come, now that another one may have gone. */
  #hasRoom(address: string, count: number): boolean {
    const { maxConnections, maxConnectionsPerAddress } = this.#limits;
    if (count >= maxConnectionsPerAddress) return this.#evict(address);
    return this.#connections.size < maxConnections || this.#evict();
  }

  /** Closes the oldest connection, of `address` if given, that holds no allocation. */
  #evict(address?: string): boolean {
    for (const connection of this.#connections) {
      const isCandidate = address === undefined || formatIp(connection.remote) === address;
      if (!isCandidate || !connection.isOpen || this.#isInUse(connection)) continue;
      this.#counters.streamRefused += 1;
      connection.close();
      return true;
    }
    return false;
  }

  #endBatch(): void {
    this.#receiver.onBatchEnd();
    this.#arena.reset();
  }

  #forget(connection: StreamConnection, address: string): void {
    this.#connections.delete(connection);
    const count = (this.#perAddress.get(address) ?? 1) - 1;
    if (count === 0) this.#perAddress.delete(address);
    else this.#perAddress.set(address, count);
    if (this.#connections.size === 0) {
      clearInterval(this.#sweeper);
      this.#sweeper = undefined;
    }
    this.#receiver.onSocketClosed(connection);
  }

  #sweep(): void {
    const now = this.#clock.monotonicMs();
    for (const connection of this.#connections) {
      if (!connection.isOpen) continue;
      if (this.#isInUse(connection)) connection.usedAtMs = now;
      const patience = connection.owesBytes ? OWED_BYTES_TIMEOUT_MS : SILENCE_TIMEOUT_MS;
      const isSilent = now - connection.quietSinceMs >= patience;
      if (!isSilent && now - connection.usedAtMs < UNUSED_TIMEOUT_MS) continue;
      this.#counters.streamTimedOut += 1;
      connection.close();
    }
  }
}
