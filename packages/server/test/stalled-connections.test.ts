import { get } from 'node:https';
import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { IDENTITY_ONE } from '../../turn/test/transport-tls-identities.ts';
import type { LinkKind, ThreadClient } from '../../turn/test/thread-client.ts';
import type { ParleyServer } from '../src/index.ts';
import { connect, PATIENCE, serve } from './harness.ts';
import { openRelayClient } from './relay-client.ts';
import { writeTlsFiles } from './tls-files.ts';

const CHANNEL = 0x4000;
const TRUSTING = { rejectUnauthorized: false };
/** More of each kind than one address may have of any. */
const STALLED_OF_EACH = 300;
const TRICKLE_MS = 200;

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0).toReversed()) close();
});

/** What each kind says at once, and what it says again and again. */
const KINDS: readonly { readonly name: string; readonly first: Buffer; readonly later: Buffer }[] =
  [
    { name: 'silent', first: Buffer.alloc(0), later: Buffer.alloc(0) },
    {
      name: 'a Binding, and no more',
      first: Buffer.from('000100002112a442000102030405060708090a0b', 'hex'),
      later: Buffer.alloc(0),
    },
    {
      name: 'STUN, byte by byte',
      first: Buffer.from('00', 'hex'),
      later: Buffer.from('01', 'hex'),
    },
    { name: 'TLS, stalled', first: Buffer.from('16030102000100', 'hex'), later: Buffer.of(0) },
    { name: 'HTTP, byte by byte', first: Buffer.from('GET /'), later: Buffer.from('a') },
  ];

/** Connections that hold on to the server for as long as it lets them. */
async function stall(port: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  for (const { first, later } of KINDS) {
    for (let count = 0; count < STALLED_OF_EACH; count += 1) {
      // Most come from the address of the callers.
      const localAddress = `127.0.0.${1 + Math.trunc(count / 280)}`;
      const socket = connectTcp({ port, host: '127.0.0.1', localAddress });
      socket.on('error', () => undefined);
      closing.push(() => socket.destroy());
      await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
      if (first.length > 0) socket.write(first);
      if (later.length > 0) {
        const timer = setInterval(() => socket.write(later), TRICKLE_MS);
        socket.once('close', () => clearInterval(timer));
      }
      sockets.push(socket);
    }
  }
  return sockets;
}

async function allocate(server: ParleyServer, kind: LinkKind): Promise<ThreadClient> {
  const client = await connect(server, TRUSTING);
  const reply = await client.join('daily');
  if (!reply.ok) throw new Error(`join refused: ${reply.error.code}`);
  const { turn, close } = await openRelayClient(reply.iceServers, kind);
  closing.push(close);
  expect(await turn.allocate()).toBe(0);
  return turn;
}

function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { ...TRUSTING, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', reject);
  });
}

it('hundreds of stalled connections keep nobody from the page, from TURN, or from a running call', async () => {
  const server = await serve({ relayWorkers: 1, ...writeTlsFiles(IDENTITY_ONE) });
  const [ada, bob] = [await allocate(server, 'tcp'), await allocate(server, 'tls')];
  expect([await ada.bind(CHANNEL, bob.relayed), await bob.bind(CHANNEL, ada.relayed)]).toEqual([
    0, 0,
  ]);

  const stalled = await stall(Number(new URL(server.url).port));
  expect(stalled).toHaveLength(KINDS.length * STALLED_OF_EACH);
  // Those over the limits had to go, and made room.
  await expect
    .poll(() => stalled.filter(({ destroyed }) => destroyed).length, PATIENCE)
    .toBeGreaterThan(0);

  expect(await statusOf(`${server.url}/`)).toBeTypeOf('number');
  for (const kind of ['tcp', 'tls', 'udp'] as const) {
    const late = await allocate(server, kind);
    expect(await late.bind(CHANNEL, ada.relayed)).toBe(0);
  }
  ada.send(CHANNEL, 'still here');
  bob.send(CHANNEL, 'me too');
  await expect
    .poll(() => [ada.received, bob.received], PATIENCE)
    .toEqual([['me too'], ['still here']]);
});
