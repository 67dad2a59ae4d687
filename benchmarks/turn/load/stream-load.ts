/**
 * Calls between clients that reach the relay over TCP, at a steady rate: what does a packet cost?
 * @module
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { StreamFramer } from '../../../packages/turn/src/transport/stream/stream-framer.ts';
import type { TransportAddress } from '../../../packages/turn/src/wire/transport-address.ts';
import { cpuNanoseconds } from '../procfs.ts';
import type { Target } from './target.ts';
import {
  TurnRequests,
  expectSuccess,
  isAnswer,
  readAnswer,
  relayedAddress,
} from './turn-requests.ts';

/** Relayed packets between TCP clients at a steady rate. */
export interface StreamScenario {
  readonly kind: 'stream';
  readonly target: Target;
  readonly seconds: number;
  readonly payloadBytes: number;
  readonly packetsPerSecond: number;
}

/** What happened. */
export interface StreamResult {
  readonly sent: number;
  readonly received: number;
  readonly elapsedSeconds: number;
  readonly serverCpuSeconds: number;
}

const CALLS = 8;
const CHANNEL = 0x4000;
const HEADER_BYTES = 4;
/** Packets leave in small groups this far apart, as the packets of a video frame do. */
const PACE_MS = 5;
const WARM_UP_MS = 1000;

/** A client with an allocation, and the frames it received. */
class StreamClient {
  readonly socket: Socket;
  received = 0;
  readonly #requests: TurnRequests;
  #onMessage: (message: Buffer) => void = () => {};

  constructor(target: Target) {
    this.#requests = new TurnRequests(target);
    this.socket = connect({ port: target.port, host: '127.0.0.1', noDelay: true });
    const framer = new StreamFramer();
    this.socket.on('data', (chunk) => {
      framer.push(chunk, (bytes, at, length) => {
        if ((bytes[at] ?? 0) >= 0x40) this.received += 1;
        else this.#onMessage(Buffer.from(bytes.subarray(at, at + length)));
      });
    });
  }

  async allocate(): Promise<TransportAddress> {
    this.#requests.learn(readAnswer(await this.#ask(this.#requests.allocate())));
    const answer = await this.#ask(this.#requests.allocate());
    return relayedAddress(expectSuccess(readAnswer(answer)));
  }

  async bindChannel(peer: TransportAddress): Promise<void> {
    expectSuccess(readAnswer(await this.#ask(this.#requests.bindChannel(CHANNEL, peer))));
  }

  #ask(request: Buffer): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#onMessage = (message) => {
        if (isAnswer(message, request)) resolve(message);
      };
      this.socket.write(request);
    });
  }
}

/** Runs the scenario. */
export async function streamLoad(scenario: StreamScenario): Promise<StreamResult> {
  const { target, payloadBytes, packetsPerSecond, seconds } = scenario;
  const clients = await connectCalls(target);
  const frame = frameOf(payloadBytes);
  const perTick = Math.round((packetsPerSecond * PACE_MS) / 1000 / clients.length);
  const burst = Buffer.concat(Array.from({ length: perTick }, () => frame));
  let sent = 0;
  const pacer = setInterval(() => {
    for (const { socket } of clients) socket.write(burst);
    sent += perTick * clients.length;
  }, PACE_MS);
  const total = (): number => clients.reduce((sum, { received }) => sum + received, 0);

  await elapsed(WARM_UP_MS);
  const [sentBefore, receivedBefore] = [sent, total()];
  const begin = performance.now();
  const cpuBefore = cpuNanoseconds(target.pid);
  await elapsed(seconds * 1000);
  const cpuAfter = cpuNanoseconds(target.pid);
  const end = performance.now();
  const result = {
    sent: sent - sentBefore,
    received: total() - receivedBefore,
    elapsedSeconds: (end - begin) / 1000,
    serverCpuSeconds: (cpuAfter - cpuBefore) / 1e9,
  };
  clearInterval(pacer);
  for (const { socket } of clients) socket.destroy();
  return result;
}

async function connectCalls(target: Target): Promise<StreamClient[]> {
  const clients: StreamClient[] = [];
  for (let call = 0; call < CALLS; call += 1) {
    const [a, b] = [new StreamClient(target), new StreamClient(target)];
    const [relayedA, relayedB] = [await a.allocate(), await b.allocate()];
    await a.bindChannel(relayedB);
    await b.bindChannel(relayedA);
    clients.push(a, b);
  }
  return clients;
}

function frameOf(payloadBytes: number): Buffer {
  const frame = Buffer.alloc(HEADER_BYTES + ((payloadBytes + 3) & ~3), 0x80);
  frame.writeUInt16BE(CHANNEL, 0);
  frame.writeUInt16BE(payloadBytes, 2);
  return frame;
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
