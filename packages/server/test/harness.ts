/**
 * Real servers and real Socket.IO clients on loopback, all gone after each test.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  Accepted,
  ByeReason,
  ClientToServerEvents,
  IceServer,
  Joined,
  JoinRequest,
  Payload,
  PeerDescription,
  PeerId,
  Prepared,
  Refusal,
  Refused,
  RelayedEvent,
  Resumed,
  ResumeRequest,
  ServerToClientEvents,
  SignalingErrorCode,
} from '@parley/protocol';
import { io } from 'socket.io-client';
import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';
import { afterEach, expect } from 'vitest';
import { startServer } from '../src/index.ts';
import type { ParleyServer, ServerOptions } from '../src/index.ts';

type ClientSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** A refusal with this code, whatever it says. */
export function refusal(code: SignalingErrorCode): Refused {
  return { ok: false, error: { code, message: expect.any(String) } };
}

/** Everything a client was told, in order. */
export type Heard =
  | { readonly event: 'welcome'; readonly peer: PeerDescription; readonly offer?: Payload }
  | { readonly event: RelayedEvent; readonly payload: Payload; readonly from: PeerId }
  | { readonly event: 'bye'; readonly peer: PeerDescription; readonly reason: ByeReason }
  | { readonly event: 'iceServers'; readonly iceServers: readonly IceServer[] }
  | { readonly event: 'error'; readonly error: Refusal; readonly about: string };

/** What the servers of the tests mint with, unless a test says otherwise. */
export const TURN_SECRET = 'a secret that only tests use, of some length';

const SESSION_SECRET = 'another secret that only tests use';

/** For `expect.poll`: how long to wait on a busy machine for what happens soon, or never. */
export const PATIENCE = { timeout: 10_000 };

const NO_PAGE = join(tmpdir(), 'parley-has-no-page-here');
const openServers = new Set<ParleyServer>();
const openClients = new Set<TestClient>();
const folders = new Set<string>();

afterEach(async () => {
  for (const client of openClients) client.socket.disconnect();
  await Promise.all([...openServers].map((server) => server.close()));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  openClients.clear();
  openServers.clear();
  folders.clear();
});

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  folders.add(folder);
  return folder;
}

/** A server on a free port of 127.0.0.1, without page and data folder, closed after the test. */
export async function serve(options: ServerOptions = {}): Promise<ParleyServer> {
  const server = await startServer({
    port: 0,
    host: '127.0.0.1',
    publicDir: NO_PAGE,
    relayWorkers: 0, // a thread for each of some hundred servers is slow
    ...(options.dataDir === undefined && {
      turnSecrets: [TURN_SECRET],
      sessionSecrets: [SESSION_SECRET],
    }),
    ...options,
  });
  openServers.add(server);
  return server;
}

/** A connected client that remembers what it hears. */
export async function connect(
  server: Pick<ParleyServer, 'url'>,
  options: Partial<ManagerOptions & SocketOptions> = {},
): Promise<TestClient> {
  const client = new TestClient(
    io(server.url, { transports: ['websocket'], forceNew: true, reconnection: false, ...options }),
  );
  openClients.add(client);
  await client.connected();
  return client;
}

/** A connected client that is already inside `request`. */
export async function enter(
  server: Pick<ParleyServer, 'url'>,
  request: string | JoinRequest,
): Promise<TestClient & { readonly id: PeerId }> {
  const client = await connect(server);
  const reply = await client.join(request);
  if (!reply.ok) throw new Error(`join refused: ${reply.error.code}`);
  return Object.assign(client, { id: reply.self.id });
}

/** A Socket.IO client with promises for acks and for what it hears. */
export class TestClient {
  readonly socket: ClientSocket;
  readonly heard: Heard[] = [];
  /** The numbers of what was heard, as far as it has any. */
  readonly numbers: number[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(socket: ClientSocket) {
    this.socket = socket;
    socket.on('welcome', (peer, seq, offer) => {
      this.#hear({ event: 'welcome', peer, ...(offer && { offer }) }, seq);
    });
    for (const event of ['offer', 'answer', 'icecandidate'] as const) {
      socket.on(event, (payload, from, seq) => this.#hear({ event, payload, from }, seq));
    }
    socket.on('bye', (peer, reason, seq) => this.#hear({ event: 'bye', peer, reason }, seq));
    socket.on('iceServers', (iceServers, seq) => {
      this.#hear({ event: 'iceServers', iceServers }, seq);
    });
    socket.on('error', (error, about) => this.#hear({ event: 'error', error, about }));
  }

  connected(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once('connect', resolve);
      this.socket.once('connect_error', reject);
    });
  }

  disconnected(): Promise<string> {
    return new Promise((resolve) => {
      if (this.socket.disconnected) resolve('already');
      this.socket.once('disconnect', resolve);
    });
  }

  /** Holds a place in a room. */
  prepare(room: string): Promise<Prepared | Refused> {
    return new Promise((resolve) => {
      this.socket.emit('prepare', { room }, resolve);
    });
  }

  join(request: string | JoinRequest): Promise<Joined | Refused> {
    return new Promise((resolve) => {
      this.socket.emit('join', request, resolve);
    });
  }

  resume(request: ResumeRequest): Promise<Resumed | Refused> {
    return new Promise((resolve) => {
      this.socket.emit('resume', request, resolve);
    });
  }

  leave(): Promise<Accepted | Refused> {
    return new Promise((resolve) => {
      this.socket.emit('leave', null, resolve);
    });
  }

  /** Sends to `to`, or to everyone else when it is left out. */
  relay(
    event: RelayedEvent,
    payload: Payload,
    room: string,
    to?: PeerId,
  ): Promise<Accepted | Refused> {
    return new Promise((resolve) => {
      this.socket.emit(event, payload, room, to ?? null, resolve);
    });
  }

  /** Sends anything at all and resolves with the server's answer. */
  ask(event: string, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve) => {
      this.say(event, ...args, resolve);
    });
  }

  /** Writes one packet past Socket.IO's own encoder. */
  sendRaw(packet: string | Buffer): void {
    this.socket.io.engine.write(packet);
  }

  /** Ends the connection without a goodbye, as a closed tab does. */
  cutWire(): void {
    this.socket.io.engine.close();
  }

  /** Sends anything at all, right or wrong. */
  say(event: string, ...args: unknown[]): void {
    const untyped: Socket = this.socket;
    untyped.emit(event, ...args);
  }

  /** Resolves with the first message of this kind, heard already or still to come. */
  hears<E extends Heard['event']>(event: E): Promise<Extract<Heard, { event: E }>> {
    const isWanted = (heard: Heard): heard is Extract<Heard, { event: E }> => heard.event === event;
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.heard.find(isWanted);
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Every message the server sent before it answered this one has been heard by then. */
  async settled(): Promise<readonly Heard[]> {
    await this.ask('prepare');
    return this.heard;
  }

  #hear(heard: Heard, seq?: number): void {
    this.heard.push(heard);
    if (seq !== undefined) this.numbers.push(seq);
    for (const look of this.#waiting) look();
  }
}
