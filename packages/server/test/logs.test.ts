import { randomBytes } from 'node:crypto';
import type { DoorState, PeerId } from '@parley/protocol';
import { SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { createJsonLogger } from '../src/cli/json-logger.ts';
import { connect, PATIENCE, refusal, serve, TURN_SECRET } from './harness.ts';
import type { TestClient } from './harness.ts';
import { openRelayClient, relayOf } from './relay-client.ts';

const SECRET = 'the key that an application shares with us';
const ADMIN_TOKEN = randomBytes(24).toString('base64url');
const ROOM = 'board meeting';
const PASSCODE = 'open, sesame';
const WRONG = 'open, barley';
const FEATURES = ['door', 'resume'] as const;
const SDP =
  'v=0\r\no=- 1 2 IN IP4 192.0.2.7\r\na=ice-ufrag:Xy12\r\na=ice-pwd:deadbeefdeadbeefdeadbeef\r\n';
const CANDIDATE = { candidate: 'candidate:1 1 udp 2122 192.0.2.7 50000 typ host', sdpMid: '0' };

function sign(name: string): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 600;
  return new SignJWT({ room: ROOM, name, exp })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(SECRET));
}

/** Who waits before the door, as soon as its host is told. */
function knockAt(host: TestClient): Promise<PeerId> {
  return new Promise((resolve) => {
    host.socket.on('door', ({ knocks: [first] }: DoorState) => {
      if (first !== undefined) resolve(first.id);
    });
  });
}

it('the log of a whole call has a line for each join, leave and allocation, and nothing private', async () => {
  const lines: string[] = [];
  const server = await serve({
    logger: createJsonLogger({ printError: (line) => lines.push(line), now: () => new Date() }),
    auth: { secret: SECRET },
    adminToken: ADMIN_TOKEN,
  });
  const messages = (): unknown[] => lines.map((line) => Object(JSON.parse(line)).message);
  const tokens = [await sign('Ada Lovelace'), await sign('Bob Builder')];

  // The door: a passcode, tried wrongly once, and a knock.
  const ada = await connect(server);
  const host = await ada.join({ room: ROOM, token: tokens[0] ?? '', features: FEATURES });
  if (!host.ok) throw new Error(host.error.code);
  await ada.ask('host', { do: 'door', knock: true, passcode: PASSCODE });
  const bob = await connect(server);
  const request = { room: ROOM, token: tokens[1] ?? '', features: FEATURES };
  expect(await bob.join({ ...request, token: 'ey.forged.token' })).toEqual(
    refusal('ERR_TOKEN_INVALID'),
  );
  expect(await bob.join({ ...request, passcode: WRONG })).toEqual(refusal('ERR_PASSCODE_WRONG'));
  const knocked = knockAt(ada);
  expect(await bob.join({ ...request, passcode: PASSCODE })).toEqual(refusal('ERR_KNOCK_WAITING'));
  await ada.ask('host', { do: 'admit', id: await knocked });
  const guest = await bob.join({ ...request, passcode: PASSCODE });
  if (!guest.ok) throw new Error(guest.error.code);

  // A negotiation, the relay, and what no server should ever be sent.
  await ada.relay('offer', { type: 'offer', sdp: SDP }, ROOM);
  await bob.relay('answer', { type: 'answer', sdp: SDP }, ROOM);
  await bob.relay('icecandidate', CANDIDATE, ROOM);
  for (const nonsense of [{ sdp: SDP }, SDP, 7, null]) {
    await bob.ask('offer', nonsense, { room: ROOM }, SDP);
    await bob.ask('host', nonsense);
  }
  await bob.ask('Bob Builder', SDP);
  const relay = await openRelayClient(guest.iceServers, 'udp');
  expect(await relay.turn.allocate()).toBe(0);
  await expect.poll(messages, PATIENCE).toContain('allocation started');

  // A break, a way back, a removal by the owner, an end.
  ada.cutWire();
  await expect.poll(messages, PATIENCE).toContain('away');
  const adaAgain = await connect(server);
  const { session = '' } = host;
  expect(await adaAgain.resume({ session, lastSeen: 0 })).toMatchObject({ ok: true });
  await fetch(`${server.url}/api/admin/people/${guest.self.id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  await expect.poll(messages, PATIENCE).toContain('allocation ended');
  await adaAgain.leave();
  relay.close();
  await server.close();

  const counts = (message: string): number => messages().filter((one) => one === message).length;
  expect([counts('joined'), counts('gone')]).toEqual([2, 2]);
  expect([counts('allocation started'), counts('allocation ended')]).toEqual([1, 1]);
  const log = lines.join('\n');
  const { username, credential } = relayOf(guest.iceServers);
  const names = ['Ada Lovelace', 'Bob Builder', ROOM, encodeURIComponent(ROOM)];
  const credentials = [...tokens, session, guest.session ?? session, username, credential];
  const secrets = [PASSCODE, WRONG, SECRET, ADMIN_TOKEN, TURN_SECRET];
  const sdp = ['v=0', 'ice-ufrag', 'ice-pwd', 'candidate:', 'typ host'];
  const addresses = ['192.0.2.7', '127.0.0.1', '::1'];
  for (const private_ of [...names, ...credentials, ...secrets, ...sdp, ...addresses]) {
    expect(log).not.toContain(private_);
  }
  expect(log).not.toMatch(/\b\d{1,3}(?:\.\d{1,3}){3}\b/);
});
