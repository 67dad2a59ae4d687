/**
 * All TCP and TLS connections of one relay thread: hands their frames to the engine in batches and
 * closes those that stall, lie, or are too many.
 * @module
 */
import { systemClock } from '../../engine/clock.ts';
import type { Clock } from '../../engine/clock.ts';
import type { PacketReceiver } from '../../engine/packet-socket.ts';
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
  /** @default the clock of this machine */
  readonly clock?: Clock;
}

const DEFAULT_MAX_CONNECTIONS = 4096;
const DEFAULT_MAX_CONNECTIONS_PER_ADDRESS = 256;

/** Time for the first frame, and for any frame that has begun. */
const OWED_BYTES_TIMEOUT_MS = 10_000;

/** The longest allocation lives an hour and is refreshed before its end; then somebody is gone. */
const SILENCE_TIMEOUT_MS: number = 61 * 60_000;

const SWEEP_INTERVAL_MS = 1000;

/** The connections of one thread. */
export class StreamHost {
  readonly #receiver: PacketReceiver;
  readonly #counters: TransportCounters;
  readonly #limits: Required<StreamLimits>;
  readonly #clock: Clock;
  readonly #arena = new FrameArena();
  readonly #connections = new Set<StreamConnection>();
  readonly #perAddress = new Map<string, number>();
  #sweeper: NodeJS.Timeout | undefined;

  constructor({ receiver, counters, limits = {}, clock = systemClock }: StreamHostOptions) {
    this.#receiver = receiver;
    this.#counters = counters;
    this.#clock = clock;
    this.#limits = {
      maxConnections: DEFAULT_MAX_CONNECTIONS,
      maxConnectionsPerAddress: DEFAULT_MAX_CONNECTIONS_PER_ADDRESS,
      ...limits,
    };
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Takes a connection on, or closes `writer` and returns `undefined` when there are too many. */
  open(ends: StreamEnds, writer: FrameWriter): StreamConnection | undefined {
    const address = formatIp(ends.remote);
    const count = this.#perAddress.get(address) ?? 0;
    const { maxConnections, maxConnectionsPerAddress } = this.#limits;
    if (this.#connections.size >= maxConnections || count >= maxConnectionsPerAddress) {
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
      const patience = connection.owesBytes ? OWED_BYTES_TIMEOUT_MS : SILENCE_TIMEOUT_MS;
      if (!connection.isOpen || now - connection.quietSinceMs < patience) continue;
      this.#counters.streamTimedOut += 1;
      connection.close();
    }
  }
}
