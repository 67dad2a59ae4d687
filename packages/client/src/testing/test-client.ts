/**
 * A client whose server, network and devices are in the same process.
 * @module
 */
import { DEFAULT_RESUME_GRACE_MS } from '@parley/protocol';
import { ParleyClient } from '../client.ts';
import type { Client } from '../client.ts';
import { resolveClientOptions } from '../client-options.ts';
import type { Logger } from '../logger.ts';
import type { DeviceSource } from '../media/source.ts';
import type { SetTimer } from '../platform.ts';
import type { FakeConnection } from './fake-connection.ts';
import type { FakeServer, FakeSignaling } from './fake-server.ts';
import type { LoopbackNetwork } from './loopback-network.ts';
import { ClientDevices } from './test-devices.ts';
import type { TestDevices } from './test-devices.ts';
import { TestPlatform } from './test-platform.ts';
import type { TestTime } from './test-time.ts';

/** Options of {@link TestServer.createClient}. */
export interface TestClientOptions {
  /** What is plugged in. @default ['camera', 'microphone'] */
  readonly devices?: readonly DeviceSource[];
  /** @default silent */
  readonly logger?: Logger;
}

/** A client like any other, and what can happen to it. */
export interface TestClient extends Client {
  readonly devices: TestDevices;
  /** The way to the server breaks; calls go on. After 30 s the server waits for this client no longer. */
  loseServer(): void;
  /** The way to the server is there again. */
  regainServer(): void;
  /** Nothing passes between these two any more; both still reach the server. */
  cutLink(other: TestClient): void;
  /** Everything passes again. */
  mendLink(other: TestClient): void;
  /** The page is gone without a goodbye, as when a battery is empty. */
  vanish(): void;
}

/** What all clients of a test share. */
export interface World {
  readonly server: FakeServer;
  readonly network: LoopbackNetwork;
  readonly time: TestTime;
  readonly clients: Set<InMemoryClient>;
}

/** A browser in the test's time. */
class ClientPlatform extends TestPlatform {
  readonly #world: World;
  /** Its page is there. */
  isAlive = true;

  constructor(world: World, devices: ClientDevices) {
    super(devices);
    this.#world = world;
  }

  readonly setTimer: SetTimer = (callback, delayMs) =>
    this.#world.time.setTimer(() => {
      if (this.isAlive) callback();
    }, delayMs);

  now(): number {
    return this.#world.time.now();
  }

  protected override newConnection(configuration: RTCConfiguration): FakeConnection {
    return this.#world.network.createConnection(this, configuration);
  }
}

/** See the module comment. */
export class InMemoryClient extends ParleyClient implements TestClient {
  readonly devices: TestDevices;
  readonly #world: World;
  readonly #platform: ClientPlatform;
  readonly #sockets: FakeSignaling[];
  /** Ends the server's patience with each broken connection. */
  #stopWaiting: (() => void)[] = [];
  #hasServer = true;

  constructor(world: World, { devices: sources, logger }: TestClientOptions) {
    const devices = new ClientDevices(sources ?? ['camera', 'microphone']);
    const platform = new ClientPlatform(world, devices);
    const sockets: FakeSignaling[] = [];
    super({
      options: resolveClientOptions({ ...(logger && { logger }) }),
      platform,
      openSignaling: () => {
        const socket = world.server.open();
        socket.reachable = this.#hasServer;
        sockets.push(socket);
        return socket;
      },
    });
    this.devices = devices.controls;
    this.#world = world;
    this.#platform = platform;
    this.#sockets = sockets;
  }

  loseServer(): void {
    this.#hasServer = false;
    for (const socket of this.#open) {
      socket.reachable = false;
      if (!socket.connected) continue;
      socket.drop();
      this.#stopWaiting.push(
        this.#world.time.setTimer(() => socket.expire(), DEFAULT_RESUME_GRACE_MS),
      );
    }
  }

  regainServer(): void {
    if (!this.#platform.isAlive) return;
    this.#hasServer = true;
    for (const stop of this.#stopWaiting.splice(0)) stop();
    for (const socket of this.#open) {
      socket.reachable = true;
      if (!socket.connected && this.#world.server.reachable) socket.restore();
    }
  }

  /** @internal The server can be reached again, unless this client cannot. */
  serverStarted(): void {
    if (this.#hasServer) this.regainServer();
  }

  cutLink(other: TestClient): void {
    this.#world.network.cut(this.#platform, InMemoryClient.#platformOf(other));
  }

  mendLink(other: TestClient): void {
    const isThere = this.#platform.isAlive && InMemoryClient.#platformOf(other).isAlive;
    if (isThere) this.#world.network.mend(this.#platform, InMemoryClient.#platformOf(other));
  }

  vanish(): void {
    this.loseServer();
    for (const other of this.#world.clients) if (other !== this) this.cutLink(other);
    this.#platform.isAlive = false;
  }

  get #open(): readonly FakeSignaling[] {
    return this.#sockets.filter(({ closed }) => !closed);
  }

  static #platformOf(client: TestClient): ClientPlatform {
    if (client instanceof InMemoryClient) return client.#platform;
    throw new TypeError('This client is not one of a test server.');
  }
}
