import { io } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { ParleyServer } from '../src/index.ts';
import { connect, enter, PATIENCE, refusal, serve } from './harness.ts';
import { openRelayClient } from './relay-client.ts';

const CHANNEL = 0x4000;
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** One try to connect, of any transport; tells how it ended. */
function tryToConnect(server: ParleyServer, transport: string): Promise<'in' | 'refused'> {
  const socket = io(server.url, {
    transports: [transport],
    forceNew: true,
    reconnection: false,
  });
  closing.push(() => socket.disconnect());
  return new Promise((resolve) => {
    socket.once('connect', () => resolve('in'));
    socket.once('connect_error', () => resolve('refused'));
  });
}

async function relayClient(server: ParleyServer) {
  const client = await connect(server);
  const reply = await client.join('daily');
  if (!reply.ok) throw new Error(`join refused: ${reply.error.code}`);
  const { turn, close } = await openRelayClient(reply.iceServers, 'udp');
  closing.push(close);
  expect(await turn.allocate()).toBe(0);
  return { client, turn, id: reply.self.id };
}

describe('a flood of connections', () => {
  it('LIMIT-1 LIMIT-2 is refused beyond the limit, and a running call feels nothing', async () => {
    const server = await serve({ maxConnectionsPerAddress: 20 });
    const [ada, bob] = [await relayClient(server), await relayClient(server)];
    expect(await ada.turn.bind(CHANNEL, bob.turn.relayed)).toBe(0);
    expect(await bob.turn.bind(CHANNEL, ada.turn.relayed)).toBe(0);

    const flood = Promise.all(
      Array.from({ length: 300 }, (_, n) => tryToConnect(server, n % 2 ? 'websocket' : 'polling')),
    );
    const said = Array.from({ length: 100 }, (_, n) => `packet ${n}`);
    for (const text of said) {
      ada.turn.send(CHANNEL, text);
      expect(await ada.client.relay('icecandidate', null, 'daily', bob.id)).toEqual({ ok: true });
    }

    const outcomes = await flood;
    expect(outcomes.filter((outcome) => outcome === 'in')).toHaveLength(18);
    await expect.poll(() => bob.turn.received, PATIENCE).toEqual(said);
    const heard = await bob.client.settled();
    expect(heard.filter(({ event }) => event === 'icecandidate')).toHaveLength(100);
    expect(server.stats.connections).toBe(20);
  });

  it('LIMIT-3 makes no more rooms than the owner allows', async () => {
    const server = await serve({ maxRooms: 1 });
    await enter(server, 'daily');
    const eve = await connect(server);
    expect(await eve.join('other')).toMatchObject(refusal('ERR_SERVER_FULL'));
    expect(await eve.join('daily')).toMatchObject({ ok: true });
  });
});
