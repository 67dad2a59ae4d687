/**
 * A Parley server, a network and browsers in memory, for the tests of an application: rooms, channels,
 * files, requests, keys and recovery are the SDK's own code; only what is below it is not real.
 * Documentation: docs/sdk/testing.md.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import type { SignalingErrorCode } from '@parley/protocol';
import { FakeServer } from './fake-server.ts';
import { LoopbackNetwork } from './loopback-network.ts';
import { settle } from './settle.ts';
import { InMemoryClient } from './test-client.ts';
import type { TestClient, TestClientOptions, World } from './test-client.ts';
import { TestTime } from './test-time.ts';
// What a page loads when it is needed must not keep a test waiting.
import './load-all.ts';

/** See the module comment. */
export interface TestServer {
  /** Another person, in a browser of their own. Give it to your code in place of `createClient()`. */
  createClient(options?: TestClientOptions): TestClient;
  /** The next one who joins is refused with this code. */
  refuseNext(code: SignalingErrorCode): void;
  /** Nobody reaches the server any more; calls go on. */
  stop(): void;
  /** The server is there again, as another process: everybody takes their place again. */
  start(): void;
  /** Lets happen whatever needs no time: messages arrive, connections are made. */
  settle(): Promise<void>;
  /** Lets time pass, in milliseconds; without it no timeout ever comes. */
  advance(durationMs: number): Promise<void>;
  /** Closes every client. */
  close(): Promise<void>;
}

/** Creates a server in memory. It opens nothing outside: no port, no socket, no timer. */
export function createTestServer(): TestServer {
  return new InMemoryServer();
}

class InMemoryServer implements TestServer {
  readonly #time = new TestTime();
  readonly #world: World = {
    server: new FakeServer(),
    network: new LoopbackNetwork(this.#time.setTimer),
    time: this.#time,
    clients: new Set(),
  };

  createClient(options: TestClientOptions = {}): TestClient {
    const client = new InMemoryClient(this.#world, options);
    this.#world.clients.add(client);
    return client;
  }

  refuseNext(code: SignalingErrorCode): void {
    this.#world.server.refusals.push(new ParleyError(code, `The test has refused with ${code}.`));
  }

  stop(): void {
    const { server } = this.#world;
    server.reachable = false;
    server.restart();
    for (const socket of server.sockets) if (socket.connected) socket.drop();
  }

  start(): void {
    const { server, clients } = this.#world;
    server.reachable = true;
    for (const client of clients) client.serverStarted();
  }

  settle(): Promise<void> {
    return settle();
  }

  advance(durationMs: number): Promise<void> {
    return this.#time.advance(durationMs);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#world.clients].map((client) => client.close()));
  }
}
