import { describe, expect, it } from 'vitest';
import { FakePlatform } from '../test/fakes/fake-platform.ts';
import { FakeServer } from './testing/fake-server.ts';
import { settle } from './testing/settle.ts';
import { ParleyClient } from './client.ts';
import { resolveClientOptions } from './client-options.ts';

const AT_JOIN = [{ urls: ['turn:h'], username: '1:r.a', credential: 'first' }];
const FRESH = [{ urls: ['turn:h'], username: '2:r.a', credential: 'second' }];

function setUp() {
  const platform = new FakePlatform();
  const server = new FakeServer();
  server.iceServers = AT_JOIN;
  const client = new ParleyClient({
    options: resolveClientOptions({}),
    platform,
    openSignaling: () => server.open(),
  });
  const ownIceServers = () => platform.open.map(({ configuration }) => configuration.iceServers);
  return { server, client, platform, ownIceServers };
}

describe('ICE servers with fresh credentials', () => {
  it('SIG-45 reach every live connection and those still to come', async () => {
    const { server, client, platform, ownIceServers } = setUp();
    await client.join('daily');
    const socket = server.sockets[0];
    socket?.tell('welcome', { peer: { id: server.mintId(), name: '' }, offer: null });
    socket?.tell('welcome', { peer: { id: server.mintId(), name: '' }, offer: null });
    await settle();
    expect(ownIceServers()).toEqual([AT_JOIN, AT_JOIN]);

    socket?.tell('iceServers', FRESH);
    await settle();
    expect(ownIceServers()).toEqual([FRESH, FRESH]);

    socket?.tell('welcome', { peer: { id: server.mintId(), name: '' }, offer: null });
    await settle();
    expect(ownIceServers()).toEqual([FRESH, FRESH, FRESH]);
    expect(platform.connections).toHaveLength(3);
  });

  it('SIG-45 leave a connection alone that the application has closed', async () => {
    const { server, client, platform } = setUp();
    await client.join('daily');
    const socket = server.sockets[0];
    socket?.tell('welcome', { peer: { id: server.mintId(), name: '' }, offer: null });
    await settle();
    const [connection] = platform.connections;
    connection?.dom.close();
    socket?.tell('iceServers', FRESH);
    await settle();
    expect(connection?.configuration.iceServers).toEqual(AT_JOIN);
  });
});
