import { createServer, connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { startServer } from '@parley/server';
import type { ParleyServer, ServerOptions } from '@parley/server';
import { eventually } from '@parley/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { SILENT_LOGGER } from '../src/logger.ts';
import type { SetTimer } from '../src/platform.ts';
import type { RelayedSignal } from '../src/signaling/signaling.ts';
import { SocketIoSignaling } from '../src/signaling/socket-io-signaling.ts';
import { peerId } from '../src/testing/fake-server.ts';

const { signal } = new AbortController();
const stops: (() => unknown)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function serve(options: ServerOptions = {}): Promise<ParleyServer> {
  const server = await startServer({ port: 0, host: '127.0.0.1', ...options });
  stops.push(() => server.close());
  return server;
}

const setTimer: SetTimer = (callback, delayMs) => {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
};

/** Does not wait as long as it is asked to. */
const SOON: SetTimer = (callback) => setTimer(callback, 1);

interface Caller {
  readonly signaling: SocketIoSignaling;
  readonly log: string[];
  readonly signals: RelayedSignal[];
}

function call(
  url: string,
  timer: SetTimer = setTimer,
  onWake: (listener: () => void) => () => void = () => () => {},
): Caller {
  const signaling = new SocketIoSignaling({
    url,
    setTimer: timer,
    onWake,
    logger: SILENT_LOGGER,
  });
  stops.push(() => signaling.close());
  const log: string[] = [];
  const signals: RelayedSignal[] = [];
  signaling.on('connected', () => log.push('connected'));
  signaling.on('disconnected', () => log.push('disconnected'));
  signaling.on('told', ({ signal: told }) => {
    if (told.event === 'welcome') log.push(`welcome ${told.peer.name}`);
    else if (told.event === 'bye') log.push(`${told.reason} ${told.peer.name}`);
    else if ('payload' in told) signals.push(told);
  });
  return { signaling, log, signals };
}

/** Waits until the log of a caller contains the line, and gives the log. */
function heard({ log }: Caller, line: string, times = 1): Promise<readonly string[]> {
  const isThere = (): boolean => log.filter((entry) => entry === line).length >= times;
  return eventually(`"${line}" ${times} times`, () => Promise.resolve(log), isThere);
}

describe('SocketIoSignaling', () => {
  it('connects on first use and asks what can be known before joining', async () => {
    const { url, stats } = await serve();
    const { signaling, log } = call(url);
    expect(stats.connections).toBe(0);
    const { iceServers } = await signaling.prepare({}, signal);
    expect(JSON.stringify(iceServers)).toContain('stun:127.0.0.1');
    expect(log).toEqual(['connected']);
  });

  it('brings people together, passes messages on, and says who is gone', async () => {
    const { url } = await serve();
    const [ada, bob] = [call(url), call(url)];
    const { self } = await ada.signaling.join({ room: 'daily', name: 'Ada' }, signal);
    const joined = await bob.signaling.join({ room: 'daily', name: 'Bob' }, signal);
    expect(joined.peers).toEqual([{ id: self.id, name: 'Ada' }]);
    await heard(ada, 'welcome Bob');
    const payload = { type: 'offer', sdp: 'v=0', parley: { epoch: 1, offer: 1 } };
    const to = joined.self.id;
    await ada.signaling.send({ event: 'offer', payload, room: 'daily', to });
    await eventually('the offer', () => Promise.resolve(bob.signals.length), Boolean);
    expect(bob.signals).toEqual([{ event: 'offer', payload, from: self.id }]);
    await bob.signaling.leave(signal);
    await heard(ada, 'left Bob');
    expect(bob.signaling.connected).toBe(true);
  });

  it('SIG-81 farewell() is a goodbye where nothing can go past the connection, too', async () => {
    const { url } = await serve();
    const [ada, bob] = [call(url), call(url)];
    await ada.signaling.join({ room: 'daily', name: 'Ada' }, signal);
    const { session } = await bob.signaling.join(
      { room: 'daily', name: 'Bob', features: ['resume'] },
      signal,
    );
    bob.signaling.farewell(session ?? '');
    expect(await heard(ada, 'left Bob')).toContain('left Bob');
  });

  it('close() is a goodbye', async () => {
    const { url } = await serve();
    const [ada, bob] = [call(url), call(url)];
    await ada.signaling.join({ room: 'daily' }, signal);
    await bob.signaling.join({ room: 'daily', name: 'Bob' }, signal);
    bob.signaling.close();
    expect(await heard(ada, 'left Bob')).toEqual(['connected', 'welcome Bob', 'left Bob']);
  });

  it('DRAIN-3 joins the next server when the one before stops and leaves the join unanswered', async () => {
    const first = await serve();
    const [ada, bob] = [call(first.url), call(first.url)];
    await ada.signaling.join({ room: 'daily', name: 'Ada' }, signal);
    await bob.signaling.prepare({}, signal);
    const over = first.drain(5000);
    const joining = bob.signaling.join({ room: 'daily', name: 'Bob' }, signal);
    await ada.signaling.leave(signal);
    await over;
    await first.close();
    const next = await serve({ port: first.port });
    expect((await joining).self.name).toBe('Bob');
    expect(next.stats.peers).toBe(1);
  });

  it('rejects with the code of the server', async () => {
    const { url } = await serve({ maxPeers: 2 });
    const callers = [call(url), call(url), call(url)];
    const joins = callers.map(({ signaling }) => signaling.join({ room: 'daily' }, signal));
    const results = await Promise.allSettled(joins);
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { code: 'ERR_ROOM_FULL', name: 'ParleyError' } }]);
    const [first] = callers;
    const message = { event: 'offer', payload: {}, room: 'daily', to: peerId('nobody') } as const;
    await expect(first?.signaling.send(message)).rejects.toMatchObject({
      code: 'ERR_PEER_UNKNOWN',
    });
  });

  it('sends nothing while it is offline, and nothing later on', async () => {
    const { url } = await serve();
    const { signaling } = call(url);
    const message = { event: 'offer', payload: {}, room: 'daily', to: peerId('nobody') } as const;
    await expect(signaling.send(message)).rejects.toMatchObject({ code: 'ERR_SERVER_UNREACHABLE' });
    await expect(signaling.resume({ session: '', lastSeen: 0 })).rejects.toMatchObject({
      code: 'ERR_SERVER_UNREACHABLE',
    });
    await expect(signaling.leave(signal)).resolves.toBeUndefined();
  });

  it('gives up when told to, and knows why it did not get through', async () => {
    const server = await startServer({ port: 0, host: '127.0.0.1' });
    await server.close();
    const { signaling } = call(server.url);
    const controller = new AbortController();
    const joining = signaling.join({ room: 'daily' }, controller.signal);
    await eventually('an error', () => Promise.resolve(signaling.lastError), Boolean);
    controller.abort(new Error('enough'));
    await expect(joining).rejects.toThrow('enough');
    expect(signaling.connected).toBe(false);
  });

  it('comes back by itself when the server does, and can join again', async () => {
    const first = await startServer({ port: 0, host: '127.0.0.1' });
    const ada = call(first.url);
    await ada.signaling.join({ room: 'daily', name: 'Ada' }, signal);
    await first.close();
    await heard(ada, 'disconnected');
    const { url } = await serve({ port: first.port });
    await heard(ada, 'connected', 2);
    const joined = await ada.signaling.join({ room: 'daily', name: 'Ada' }, signal);
    expect(joined).toMatchObject({ ok: true, peers: [] });
    const bob = call(url);
    await bob.signaling.join({ room: 'daily', name: 'Bob' }, signal);
    await heard(ada, 'welcome Bob');
  });

  it('asks again when the connection breaks before the answer', async () => {
    const server = await serve();
    const proxy = await openProxy(server.port);
    const ada = call(proxy.url);
    await ada.signaling.prepare({}, signal);
    proxy.isDeaf = true;
    const joining = ada.signaling.join({ room: 'daily', name: 'Ada' }, signal);
    await eventually('the question', () => Promise.resolve(server.stats.peers), Boolean);
    proxy.isDeaf = false;
    proxy.cut();
    await expect(joining).resolves.toMatchObject({ self: { name: 'Ada' } });
    expect(ada.log).toEqual(['connected', 'disconnected', 'connected']);
  });

  it('dials again when the server has cut it off', async () => {
    const { url } = await serve({ rateLimit: { burst: 1, perSecond: 1 } });
    const ada = call(url, SOON);
    await ada.signaling.prepare({}, signal);
    const message = { event: 'offer', payload: {}, room: 'daily', to: peerId('nobody') } as const;
    const flood = Array.from({ length: 40 }, () => ada.signaling.send(message));
    await Promise.allSettled(flood);
    await heard(ada, 'connected', 2);
    expect(ada.log).toEqual(['connected', 'disconnected', 'connected']);
  });

  it('SIG-64 takes its place again, and hears what it has missed', async () => {
    const server = await serve();
    const proxy = await openProxy(server.port);
    const [ada, bob] = [call(proxy.url), call(server.url)];
    const request = { room: 'daily', features: ['resume'] };
    const joined = await ada.signaling.join(request, signal);
    const { self } = await bob.signaling.join({ ...request, name: 'Bob' }, signal);
    await heard(ada, 'welcome Bob');
    const message = { event: 'offer', payload: {}, room: 'daily', to: self.id } as const;
    await ada.signaling.send(message);
    proxy.cut();
    await heard(ada, 'disconnected');
    await bob.signaling.leave(signal);
    await heard(ada, 'connected', 2);
    const session = joined.session ?? '';
    const resumed = await ada.signaling.resume({ session, lastSeen: 1 });
    expect(resumed).toMatchObject({ self: joined.self, peers: [], received: 1, missed: 'exact' });
    await heard(ada, 'left Bob');
    expect(await ada.signaling.credentials()).toMatchObject({ ok: true });
  });

  it('SIG-83 notices after a sleep that the connection is dead, and dials at once', async () => {
    const server = await serve();
    const proxy = await openProxy(server.port);
    const wakers: (() => void)[] = [];
    const ada = call(proxy.url, SOON, (listener) => {
      wakers.push(listener);
      return () => {};
    });
    await ada.signaling.prepare({}, signal);
    for (const wake of wakers) wake();
    await ada.signaling.prepare({}, signal);
    expect(ada.log).toEqual(['connected']);
    proxy.isDeaf = true;
    for (const wake of wakers) wake();
    await heard(ada, 'disconnected');
    proxy.isDeaf = false;
    for (const wake of wakers) wake();
    await heard(ada, 'connected', 2);
  });

  it('falls back to long polling where websockets are refused', async () => {
    const server = await serve();
    const proxy = await openProxy(server.port, (head) => !/upgrade: websocket/iu.test(head));
    const { signaling } = call(proxy.url);
    const { self } = await signaling.join({ room: 'daily', name: 'Ada' }, signal);
    expect(self.name).toBe('Ada');
  });
});

interface Proxy {
  readonly url: string;
  /** Passes nothing of the server's on. */
  isDeaf: boolean;
  /** Breaks every connection. */
  cut(): void;
}

/** Stands before the server. Connections whose first bytes it does not accept are broken at once. */
async function openProxy(
  port: number,
  accepts: (head: string) => boolean = () => true,
): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', (head) => {
      if (!accepts(head.toString('latin1'))) {
        socket.destroy();
        return;
      }
      const upstream = connect(port, '127.0.0.1');
      sockets.add(upstream);
      upstream.on('error', () => socket.destroy());
      upstream.on('data', (data) => proxy.isDeaf || socket.write(data));
      upstream.write(head);
      socket.pipe(upstream);
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  stops.push(() => {
    cut();
    listener.close();
  });
  const address = listener.address();
  const own = typeof address === 'object' ? address?.port : undefined;
  const proxy: Proxy = { url: `http://127.0.0.1:${own}`, isDeaf: false, cut };
  return proxy;
}
