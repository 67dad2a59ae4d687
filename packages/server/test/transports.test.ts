import { once } from 'node:events';
import { createConnection } from 'node:net';
import { Script, createContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { connect, enter, serve } from './harness.ts';

const OFFER = { type: 'offer', sdp: 'v=0\r\n'.repeat(300) };

/** The beginning of a client that will not answer pings or a close frame. */
const WEBSOCKET_HANDSHAKE = [
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  '',
  '',
].join('\r\n');

/** Sockets of any kind, and threads, that keep this process busy. */
function openHandles(): string[] {
  return process.getActiveResourcesInfo().filter((name) => /^(?:TCP|UDP|MessagePort)/.test(name));
}

describe('transports', () => {
  it('SIG-1 SIG-20 carries a negotiation over long polling alone', async () => {
    const server = await serve();
    const ada = await connect(server, { transports: ['polling'] });
    const bob = await connect(server, { transports: ['polling'] });
    const adaJoined = await ada.join('daily');
    const bobJoined = await bob.join({ room: 'daily', name: 'Bob' });
    if (!adaJoined.ok || !bobJoined.ok) throw new Error('join refused');

    expect((await ada.hears('welcome')).peer).toEqual(bobJoined.self);
    await ada.relay('offer', OFFER, 'daily', bobJoined.self.id);
    expect(await bob.hears('offer')).toMatchObject({ payload: OFFER, from: adaJoined.self.id });
    await bob.relay('answer', OFFER, 'daily');
    expect(await ada.hears('answer')).toMatchObject({ from: bobJoined.self.id });
    bob.socket.disconnect();
    expect(await ada.hears('bye')).toMatchObject({ reason: 'left' });
    expect(ada.socket.io.engine.transport.name).toBe('polling');
  });

  it('SIG-1 SIG-27 loses and reorders nothing while polling becomes a websocket', async () => {
    const server = await serve();
    const ada = await enter(server, 'daily');
    const bob = await connect(server, { transports: ['polling', 'websocket'] });
    await bob.join('daily');
    let sent = 0;
    while (bob.socket.io.engine.transport.name !== 'websocket') {
      await bob.relay('icecandidate', { n: sent }, 'daily');
      sent += 1;
    }
    await bob.relay('icecandidate', { n: sent }, 'daily');
    const heard = await ada.settled();
    const numbers = heard.flatMap((one) => (one.event === 'icecandidate' ? [one.payload] : []));
    expect(numbers).toEqual(Array.from({ length: sent + 1 }, (_, n) => ({ n })));
  });

  it('SIG-1 lets a websocket and a polling client call each other', async () => {
    const server = await serve();
    const ada = await enter(server, 'daily');
    const bob = await connect(server, { transports: ['polling'] });
    await bob.join('daily');
    await ada.relay('offer', OFFER, 'daily');
    expect(await bob.hears('offer')).toMatchObject({ payload: OFFER, from: ada.id });
  });

  it('SIG-1 hands out the browser client', async () => {
    const server = await serve();
    const response = await fetch(`${server.url}/socket.io/socket.io.js`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('javascript');
    const sandbox = createContext({ setTimeout });
    new Script(await response.text()).runInContext(sandbox);
    expect(sandbox).toHaveProperty('io', expect.any(Function));
  });

  it('SIG-33 says no bye for anybody when it stops', async () => {
    const server = await serve();
    const ada = await enter(server, 'daily');
    const bob = await enter(server, 'daily');
    await server.close();
    await Promise.all([ada.disconnected(), bob.disconnected()]);
    expect(ada.heard).toMatchObject([{ event: 'welcome' }]);
    expect(bob.heard).toEqual([]);
  });

  it('stops in spite of connections that never end by themselves', async () => {
    const server = await serve();
    const silent = createConnection(server.port, '127.0.0.1');
    const deaf = createConnection(server.port, '127.0.0.1');
    deaf.write(WEBSOCKET_HANDSHAKE);
    await Promise.all([once(silent, 'connect'), once(deaf, 'data')]);
    const gone = [silent, deaf].map(
      (socket) =>
        new Promise((resolve) => socket.resume().on('error', resolve).on('close', resolve)),
    );

    await server.close();

    expect(await Promise.all(gone)).toHaveLength(2);
  });

  it.each([
    ['in this thread', 0, ['TCPServerWrap', 'UDPWrap']],
    ['in another one', 1, ['TCPServerWrap', 'MessagePort']],
  ])('keeps no handle once it is closed, relay %s', async (_where, relayWorkers, handles) => {
    await expect.poll(openHandles).toEqual([]);
    // Node does not list the sockets of the other back end.
    const server = await serve({ udp: 'dgram', relayWorkers });
    const ada = await enter(server, 'daily');
    const bob = await connect(server, { transports: ['polling'] });
    await bob.join('daily');
    expect(openHandles()).toEqual(expect.arrayContaining(handles));

    await Promise.all([server.close(), server.close()]);

    await Promise.all([ada.disconnected(), bob.disconnected()]);
    expect(server.stats).toMatchObject({ connections: 0, rooms: 0, peers: 0 });
    await expect.poll(openHandles).toEqual([]);
  });
});
