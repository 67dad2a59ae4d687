import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { addressOf, EngineHarness } from '../../test/engine-harness.ts';
import { FakeSocket } from '../../test/fake-socket.ts';
import { Answer, buildMessage } from '../../test/turn-message.ts';
import { allocateAttributes, TurnTestClient } from '../../test/turn-test-client.ts';
import type { RequestOptions } from '../../test/turn-test-client.ts';
import { mintRestCredentials, RestCredentials } from '../auth/rest-credentials.ts';
import { roomTag } from '../auth/rest-username.ts';
import { ATTRIBUTE } from '../wire/attribute-type.ts';
import { METHOD } from '../wire/message-type.ts';
import { HEADROOM_BYTES } from './packet-socket.ts';
import { TurnEngine } from './turn-engine.ts';

const ALLOCATE_REQUEST = buildMessage(0x0003, allocateAttributes());
const SECRETS = ['new secret', 'old secret'];

/** Bytes that are really in use. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed;
}

/** A harness whose users have time-limited credentials for ten minutes. */
function withRest(tracked = false): {
  harness: EngineHarness;
  join: (peer: string) => TurnTestClient;
} {
  const credentials = new RestCredentials({ realm: 'parley', secrets: SECRETS });
  const harness = new EngineHarness({ relay: { credentials, membership: { tracked } } });
  const join = (peer: string): TurnTestClient => {
    const { username, credential } = mintRestCredentials({
      secret: 'old secret',
      room: 'daily',
      peer,
      expiresAtSeconds: harness.clock.unixSeconds() + 600,
    });
    const { socket, address } = harness.client('red-a');
    return new TurnTestClient({ socket, address, realm: 'parley', username, password: credential });
  };
  return { harness, join };
}

describe('strangers', () => {
  it('LIM-3 are answered as long as their bucket lasts, and then not at all', () => {
    const limits = { strangerRequests: { perSecond: 10, burst: 20 } };
    const harness = new EngineHarness({ limits });
    const client = harness.client('red-a');
    for (let index = 0; index < 50; index += 1) client.sendRaw(ALLOCATE_REQUEST);
    expect(harness.udp.take()).toHaveLength(20);
    expect(harness.engine.counters.drops.rateLimited).toBe(30);
    harness.clock.advance(1000);
    for (let index = 0; index < 50; index += 1) client.sendRaw(ALLOCATE_REQUEST);
    expect(harness.udp.take()).toHaveLength(10);
  });

  it('LIM-4 do not touch a call that runs behind the same address', () => {
    const limits = { strangerRequests: { perSecond: 10, burst: 20 } };
    const harness = new EngineHarness({ limits });
    const a = harness.client('red-a', { ip: '203.0.113.50' });
    const b = harness.client('red-b', { ip: '203.0.113.50' });
    a.allocate();
    b.allocate();
    const flooder = harness.client('red-c', { ip: '203.0.113.50' });
    for (let index = 0; index < 1000; index += 1) flooder.sendRaw(ALLOCATE_REQUEST);
    expect([a.permit(b.relayed), b.permit(a.relayed), a.refresh().code]).toEqual([0, 0, 0]);
    a.send(b.relayed, 'undisturbed');
    expect(b.takeReceived()).toHaveLength(1);
  });

  it.each([
    ['unsigned', () => ALLOCATE_REQUEST],
    ['signed with a wrong password', (client: TurnTestClient) => signedWrongly(client)],
  ])(
    'LIM-5 leave nothing behind, however many they are: %s',
    { timeout: 60_000 },
    (_name, requestOf) => {
      const harness = new EngineHarness();
      const { engine } = harness;
      const request = requestOf(harness.client('red-a'));
      const socket = new FakeSocket(engine);
      // One packet for all: what the test itself keeps must not hide what the engine keeps.
      const buffer = Buffer.concat([Buffer.alloc(HEADROOM_BYTES), request, Buffer.alloc(4)]);
      const from = addressOf('0.0.0.0', 1);
      const packet = { buffer, offset: HEADROOM_BYTES, length: request.length, from, socket };
      const flood = (count: number): void => {
        for (let index = 0; index < count; index += 1) {
          from.word3 = (index * 200_003) >>> 0;
          from.port = 1 + (index % 60_000);
          engine.onPacket(packet);
          engine.onBatchEnd();
          socket.take();
        }
      };
      flood(10_000);
      const before = heapUsed();
      flood(100_000);
      expect(heapUsed() - before).toBeLessThan(1_000_000);
      expect(engine.counters.allocationsStarted).toBe(0);
      const { authFailures } = engine.counters;
      const judged = authFailures['no-credentials'] + authFailures['wrong-credentials'];
      expect(judged).toBeGreaterThan(10_000);
    },
  );

  it('LIM-6 get answers that are at most 3.5 times what they sent', () => {
    const client = new EngineHarness().client('red-a');
    const challenge = client.challenge(METHOD.allocate, allocateAttributes());
    expect(challenge?.bytes.length).toBeLessThanOrEqual(ALLOCATE_REQUEST.length * 3.5);
  });

  it('LIM-7 one allocation may not ask without end either', () => {
    const limits = { allocationRequests: { perSecond: 5, burst: 10 } };
    const harness = new EngineHarness({ limits });
    const client = harness.client('red-a');
    client.allocate();
    const answers = Array.from({ length: 30 }, () =>
      client.tryRequest(METHOD.refresh, () => undefined),
    );
    expect(answers.filter((answer) => answer !== undefined)).toHaveLength(10);
  });
});

describe('forged requests from the 5-tuple of a caller', () => {
  const limits = {
    strangerRequests: { perSecond: 10, burst: 20 },
    allocationRequests: { perSecond: 5, burst: 10 },
  };

  it.each([
    ['unsigned', () => ALLOCATE_REQUEST],
    ['with a nonce of another port', (other: TurnTestClient) => refreshOf(other, {})],
    [
      'with a made-up nonce',
      (other: TurnTestClient) => refreshOf(other, { nonce: Buffer.alloc(37, 'x') }),
    ],
    [
      'with an empty nonce',
      (other: TurnTestClient) => refreshOf(other, { nonce: Buffer.alloc(0) }),
    ],
  ])('LIM-8 %s leave the caller its requests', (_name, forge) => {
    const harness = new EngineHarness({ limits });
    const [ada, bob] = [harness.client('red-a'), harness.client('red-b')];
    ada.allocate();
    bob.allocate();
    const forged = forge(bob);
    for (let index = 0; index < 1000; index += 1) ada.sendRaw(forged);
    harness.udp.take();
    expect(harness.engine.counters.drops.rateLimited).toBeGreaterThan(950);
    expect([ada.permit(bob.relayed), ada.refresh().code]).toEqual([0, 0]);
  });

  it('LIM-8 do not keep it from a fresh nonce', () => {
    const harness = new EngineHarness({ limits, relay: { nonceLifeMs: 60_000 } });
    const ada = harness.client('red-a');
    ada.allocate();
    harness.clock.advance(200_000);
    for (let index = 0; index < 1000; index += 1) ada.sendRaw(ALLOCATE_REQUEST);
    harness.udp.take();
    const stale = ada.refresh();
    expect(stale.code).toBe(438);
    ada.useNonce(stale.message.value(ATTRIBUTE.nonce));
    for (let index = 0; index < 1000; index += 1) ada.sendRaw(ALLOCATE_REQUEST);
    harness.udp.take();
    expect([ada.refresh().code, ada.refresh().code]).toEqual([0, 0]);
  });
});

/** An Allocate as the client would send it, if it had the right password. */
function signedWrongly(client: TurnTestClient): Buffer {
  client.useNonce(client.challenge()?.message.value(ATTRIBUTE.nonce));
  const request = client.build(METHOD.allocate, allocateAttributes());
  request.writeUInt8(request.readUInt8(request.length - 1) ^ 1, request.length - 1);
  return request;
}

function refreshOf(client: TurnTestClient, options: RequestOptions): Buffer {
  return client.build(METHOD.refresh, () => undefined, options);
}

describe('nonces', () => {
  it('LIFE-1 a stale one is answered with 438 and a fresh one, which then works', () => {
    const harness = new EngineHarness({ relay: { nonceLifeMs: 60_000 } });
    const client = harness.client('red-a');
    client.allocate();
    harness.clock.advance(200_000);
    const stale = client.refresh();
    expect(stale.code).toBe(438);
    expect(stale.message.has(ATTRIBUTE.realm)).toBe(true);
    client.useNonce(stale.message.value(ATTRIBUTE.nonce));
    expect(client.refresh().code).toBe(0);
  });

  it('LIFE-1 the first authenticated Allocate never gets 438', () => {
    const harness = new EngineHarness();
    for (let index = 0; index < 50; index += 1) {
      harness.clock.advance(700_000);
      expect(harness.client('red-a').allocate().code).toBe(0);
    }
  });
});

describe('credentials and membership', () => {
  it('LIFE-2 an allocation outlives its credentials, a new one does not', () => {
    const { harness, join } = withRest();
    const client = join('p1');
    client.allocate((writer) => writer.appendUint32(ATTRIBUTE.lifetime, 3600));
    harness.advance(601_000);
    expect(client.refresh().code).toBe(0);
    client.refresh(0);
    expect(client.allocate().code).toBe(401);
    expect(harness.engine.counters.authFailures.expired).toBe(1);
  });

  it('LIFE-3 with membership tracked, only those in the room outlive their credentials', () => {
    const { harness, join } = withRest(true);
    const [inside, outside] = [join('p1'), join('p2')];
    harness.engine.admit(roomTag('daily'), 'p1');
    for (const client of [inside, outside]) {
      client.allocate((writer) => writer.appendUint32(ATTRIBUTE.lifetime, 3600));
    }
    harness.advance(601_000);
    expect([inside.refresh().code, outside.refresh().code]).toEqual([0, 401]);
  });

  it('LIFE-4 a revoked peer loses its allocations at once and gets no new ones', () => {
    const { harness, join } = withRest();
    const [a, b] = [join('p1'), join('p2')];
    a.allocate();
    b.allocate();
    a.permit(b.relayed);
    b.permit(a.relayed);
    harness.engine.revoke(roomTag('daily'), 'p1');
    b.send(a.relayed, 'to the removed');
    a.send(b.relayed, 'from the removed');
    expect([...a.takeReceived(), ...b.takeReceived()]).toEqual([]);
    expect(a.refresh().code).toBe(403);
    expect(a.allocate().code).toBe(403);
    expect(b.refresh().code).toBe(0);
    expect(harness.engine.counters.allocations).toBe(1);
    expect(harness.log.at(-1)?.fields).toMatchObject({ peer: 'p1', reason: 'revoked' });
  });

  it('LIFE-4 a peer that is admitted again may come back', () => {
    const { harness, join } = withRest();
    const client = join('p1');
    harness.engine.revoke(roomTag('daily'), 'p1');
    harness.engine.admit(roomTag('daily'), 'p1');
    expect(client.allocate().code).toBe(0);
  });

  it('LIFE-5 fresh credentials of the same peer go on with its allocation', () => {
    const { harness, join } = withRest();
    const old = join('p1');
    old.allocate();
    harness.advance(1000);
    const { username, credential } = mintRestCredentials({
      secret: 'new secret',
      room: 'daily',
      peer: 'p1',
      expiresAtSeconds: harness.clock.unixSeconds() + 600,
    });
    const { socket, address } = old;
    const fresh = new TurnTestClient({
      socket,
      address,
      realm: 'parley',
      username,
      password: credential,
    });
    expect(fresh.refresh().code).toBe(0);
  });

  it('LIFE-6 the connection of a TCP client takes its allocation along', () => {
    const harness = new EngineHarness();
    const client = harness.client('red-a', { transport: 'tcp' });
    client.allocate();
    client.socket.close();
    expect(harness.engine.counters.allocations).toBe(0);
    expect(harness.log.at(-1)?.fields).toMatchObject({ reason: 'disconnected' });
  });
});

describe('without a relay', () => {
  it('SRV-5 Allocate is refused with 403, other requests of TURN get no answer', () => {
    const socket = new FakeSocket(new TurnEngine());
    const from = addressOf('203.0.113.1', 1234);
    socket.receive(
      from,
      ALLOCATE_REQUEST,
      buildMessage(0x0004, () => undefined),
    );
    const answers = socket.take().map((packet) => new Answer(packet.bytes).code);
    expect(answers).toEqual([403]);
  });
});

describe('faults of our own', () => {
  it('ENG-2 cost one packet, are logged, and stop nobody', () => {
    const harness = new EngineHarness();
    const client = harness.client('red-a');
    client.allocate();
    harness.udp.send = () => {
      throw new TypeError('a bug');
    };
    for (let count = 0; count < 5; count += 1) client.sendRaw(ALLOCATE_REQUEST);
    harness.engine.tick();
    client.sendRaw(ALLOCATE_REQUEST);
    Reflect.deleteProperty(harness.udp, 'send');
    expect(harness.engine.counters.drops.fault).toBe(6);
    const faults = harness.log.filter(({ message }) => message.includes('fault'));
    expect(faults).toHaveLength(2);
    expect(faults[0]?.fields['reason']).toContain('a bug');
    expect(client.refresh().code).toBe(0);
  });
});
