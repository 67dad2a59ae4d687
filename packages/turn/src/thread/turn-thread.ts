/**
 * A TurnServer in a thread of its own, so that whatever keeps the main thread busy does not hold
 * media up. UDP never touches the main thread. TCP and TLS connections arrive there, on the port of
 * the page; their bytes are handed over in messages.
 * @module
 */
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { emptyTurnCounters } from '../engine/counters.ts';
import { silentLogger } from '../engine/logger.ts';
import type { Logger } from '../engine/logger.ts';
import { loadLibc } from '../transport/batch/libc.ts';
import { emptyTransportCounters } from '../transport/transport-counters.ts';
import type { TransportCounters } from '../transport/transport-counters.ts';
import type { ListenAddress, TurnListenOptions } from '../turn-server.ts';
import { addCounters } from './add-counters.ts';
import { DescriptorRecord } from './descriptor-record.ts';
import { SocketStreams } from './socket-streams.ts';
import { StreamTable } from './stream-table.ts';
import { unpackError } from './thread-messages.ts';
import type {
  FromRelay,
  RelayWorkerData,
  MemberChange,
  ThreadCounters,
  ThreadServerOptions,
  ThreadTeam,
  ToRelay,
} from './thread-messages.ts';

/** How long a thread may not know of somebody whose credentials say enough. */
const TELL_AFTER_MS = 100;

/** How a {@link TurnThread} behaves. */
export interface TurnThreadOptions {
  readonly server: ThreadServerOptions;
  /** The threads this one shares a port with. @default none */
  readonly team?: ThreadTeam | undefined;
  /** The connections of all of them. @default those of this thread alone */
  readonly streams?: StreamTable;
  /** @default silent */
  readonly logger?: Logger;
  /** Called once when the thread ends although nobody closed it. */
  readonly onCrash: (error: Error) => void;
  /** The script of the thread. @default that of this package */
  readonly workerFile?: string;
}

/** Compiled code, also where everything else runs from source: threads read JavaScript only. */
const WORKER_FILE: string = createRequire(import.meta.url).resolve('@parley/turn/relay-worker');

/** What `listen` waits for. */
interface Waiting {
  readonly resolve: (address: ListenAddress) => void;
  readonly reject: (error: Error) => void;
}

/** Frees the port of a thread that is gone without having done so. */
async function closeLeft(descriptors: DescriptorRecord): Promise<void> {
  if (descriptors.left.length === 0) return;
  const libc = await loadLibc();
  if (libc !== undefined) descriptors.closeLeft(libc);
}

/** One relay thread. */
export class TurnThread {
  readonly #worker: Worker;
  readonly #logger: Logger;
  readonly #onCrash: (error: Error) => void;
  /** Of the sockets in this thread. */
  readonly #ownCounters: TransportCounters = emptyTransportCounters();
  readonly #streams: SocketStreams;
  readonly #exited: Promise<void>;
  #threadCounters: ThreadCounters = {
    turn: emptyTurnCounters(),
    transport: emptyTransportCounters(),
  };
  #state: 'starting' | 'listening' | 'closed' = 'starting';
  #waiting: Waiting | undefined;
  #changes: MemberChange[] = [];
  #telling: NodeJS.Timeout | undefined;

  constructor(options: TurnThreadOptions) {
    const { server, team, logger = silentLogger, onCrash, workerFile = WORKER_FILE } = options;
    const descriptors = new DescriptorRecord();
    const workerData: RelayWorkerData = { options: server, team, descriptors: descriptors.memory };
    this.#logger = logger;
    this.#onCrash = onCrash;
    // Options of this process, such as a condition to load sources, do not suit compiled code.
    this.#worker = new Worker(workerFile, { workerData, execArgv: [] });
    this.#streams = new SocketStreams(
      (message, buffers) => this.#post(message, buffers),
      this.#ownCounters,
      options.streams ?? new StreamTable(),
    );
    this.#worker.on('message', (message: FromRelay) => this.#onMessage(message));
    this.#exited = this.#untilGone(descriptors);
  }

  /** Totals of the thread, at most a second old, with what this side dropped. */
  get counters(): ThreadCounters {
    const { turn, transport } = this.#threadCounters;
    return { turn, transport: addCounters(transport, this.#ownCounters) };
  }

  /**
   * Binds the UDP sockets.
   * @throws what `TurnServer.listen` throws
   */
  listen(options: TurnListenOptions): Promise<ListenAddress> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#post({ type: 'listen', options });
    });
  }

  /** Tells the thread about another one. To be called on both, before the new one listens. */
  connect(seat: number, port: MessagePort): void {
    const message: ToRelay = { type: 'neighbour', seat, port };
    this.#worker.postMessage(message, [port]);
  }

  /** Serves a TCP or TLS connection whose next bytes are STUN or ChannelData. */
  handleConnection(socket: Socket, transport: 'tcp' | 'tls'): void {
    if (this.#state === 'listening') this.#streams.attach(socket, transport);
    else socket.destroy();
  }

  /**
   * Waking the thread costs more than what it is told: it hears of everybody of a tenth of a second at once.
   * @param isUrgent tells it now, with all that waits
   */
  tell(changes: readonly MemberChange[], isUrgent: boolean): void {
    for (const change of changes) this.#changes.push(change);
    if (isUrgent) this.#tellChanges();
    else this.#telling ??= setTimeout(() => this.#tellChanges(), TELL_AFTER_MS);
  }

  /** Resolves when the sockets are free and the thread is gone. Idempotent. */
  async close(): Promise<void> {
    if (this.#state !== 'closed') {
      this.#state = 'closed';
      this.#streams.closeAll();
      clearTimeout(this.#telling);
      this.#post({ type: 'close' });
    }
    await this.#exited;
  }

  #tellChanges(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    this.#post({ type: 'members', changes: this.#changes });
    this.#changes = [];
  }

  #post(message: ToRelay, buffers: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, buffers);
  }

  #onMessage(message: FromRelay): void {
    switch (message.type) {
      case 'listening':
        this.#state = 'listening';
        this.#waiting?.resolve(message.address);
        return;
      case 'listen-failed':
        this.#waiting?.reject(unpackError(message.failure));
        return;
      case 'stream-data':
        for (const { stream, bytes } of message.data) this.#streams.write(stream, bytes);
        return;
      case 'stream-close':
        this.#streams.close(message.stream);
        return;
      case 'counters':
        this.#threadCounters = message.counters;
        return;
      case 'log': {
        const { level, message: text, fields } = message.line;
        this.#logger[level](text, fields);
        return;
      }
      case 'closed':
        void this.#worker.terminate();
    }
  }

  async #untilGone(descriptors: DescriptorRecord): Promise<void> {
    let reason: Error | undefined;
    this.#worker.on('error', (error) => {
      reason = error;
    });
    // `once` of events would reject with the error, before the thread is gone.
    const code = await new Promise<number>((resolve) => {
      this.#worker.on('exit', resolve);
    });
    await closeLeft(descriptors);
    this.#onEnd(reason ?? new Error(`relay thread ended with code ${code}`));
  }

  #onEnd(error: Error): void {
    this.#waiting?.reject(error);
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    clearTimeout(this.#telling);
    this.#streams.closeAll();
    this.#onCrash(error);
  }
}
