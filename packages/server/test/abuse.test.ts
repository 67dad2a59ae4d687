import * as fc from 'fast-check';
import { MAX_PAYLOAD_BYTES } from '@parley/protocol';
import type { Accepted, PeerId, Refused } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import type { ParleyServer } from '../src/index.ts';
import { connect, enter, refusal, serve } from './harness.ts';
import type { TestClient } from './harness.ts';

const NO_LIMIT = { rateLimit: { burst: 1e9, perSecond: 1e9 } };

/** Two people in a call; the function checks that they still talk and have heard nothing else. */
async function bystanders(server: ParleyServer): Promise<() => Promise<void>> {
  const ada = await enter(server, 'daily');
  const bob = await enter(server, 'daily');
  let round = 0;
  return async () => {
    round += 1;
    expect(await ada.relay('offer', { round }, 'daily', bob.id)).toEqual({ ok: true });
    expect(await bob.settled()).toEqual([{ event: 'offer', payload: { round }, from: ada.id }]);
    expect(await ada.settled()).toMatchObject([{ event: 'welcome' }]);
    bob.heard.length = 0;
  };
}

/** Resolves when the server has dealt with everything this client sent, one way or the other. */
async function dealtWith(client: TestClient): Promise<void> {
  await Promise.race([client.disconnected(), client.settled()]);
}

/** Names that Socket.IO's client does not let through. */
const RESERVED = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
]);

interface Message {
  readonly event: string;
  readonly args: readonly unknown[];
}

/** Joining the room of the bystanders is the one thing that they may notice. */
function isNoise({ event, args }: Message): boolean {
  return event !== 'join' || !JSON.stringify(args).includes('"daily"');
}

describe('sizes', () => {
  it('SIG-25 answers a payload that is too large, and the sender stays', async () => {
    const server = await serve();
    const ada = await enter(server, 'daily');
    const bob = await enter(server, 'daily');
    const tooLarge = { sdp: 'x'.repeat(MAX_PAYLOAD_BYTES) };

    expect(await ada.relay('offer', tooLarge, 'daily')).toMatchObject(refusal('ERR_MESSAGE_SIZE'));
    ada.say('offer', tooLarge, 'daily');
    expect(await ada.hears('error')).toMatchObject({
      error: { code: 'ERR_MESSAGE_SIZE' },
      about: 'offer',
    });
    expect(await bob.settled()).toEqual([]);
    expect(await ada.relay('offer', { sdp: 'x'.repeat(60_000) }, 'daily')).toEqual({ ok: true });
    expect(await bob.hears('offer')).toBeDefined();
  });

  it.each(['websocket', 'polling'] as const)(
    'SIG-52 cuts off who sends far too much over %s, and nobody else',
    async (transport) => {
      const server = await serve();
      const assertUnmoved = await bystanders(server);
      const eve = await connect(server, { transports: [transport] });
      eve.say('offer', { sdp: 'x'.repeat(3 * MAX_PAYLOAD_BYTES) }, 'daily');
      await eve.disconnected();
      await assertUnmoved();
      await expect.poll(() => server.stats.connections).toBe(2);
    },
  );

  it('SIG-26 answers a payload that is too deep', async () => {
    const server = await serve();
    const ada = await enter(server, 'daily');
    expect(await ada.ask('offer', { a: [[[[[[[[[[]]]]]]]]]] }, 'daily')).toMatchObject(
      refusal('ERR_MESSAGE_SCHEMA'),
    );
  });
});

describe('rates', () => {
  it('SIG-50 refuses too many messages, and only those', async () => {
    const server = await serve({ rateLimit: { burst: 100, perSecond: 0.001 } });
    const ada = await enter(server, 'daily');
    const bob = await enter(server, 'daily');
    const replies = await Promise.all(
      Array.from({ length: 150 }, (_, n) => ada.relay('icecandidate', { n }, 'daily', bob.id)),
    );
    expect(replies.slice(0, 99).every(({ ok }) => ok)).toBe(true);
    for (const reply of replies.slice(99)) expect(reply).toMatchObject(refusal('ERR_RATE_LIMIT'));
    expect(await bob.settled()).toHaveLength(99);
    expect(await bob.relay('offer', {}, 'daily')).toEqual({ ok: true });
  });

  it('SIG-50 by default lets twelve people join at once and send 30 candidates to each', async () => {
    const server = await serve();
    const people = await Promise.all(Array.from({ length: 12 }, () => enter(server, 'daily')));
    const offer = { type: 'offer', sdp: 'x'.repeat(8000) };
    const candidate = { candidate: 'x'.repeat(120) };
    const burst = (from: TestClient, to: PeerId): Promise<Accepted | Refused>[] =>
      Array.from({ length: 31 }, (_, n) =>
        from.relay(n === 0 ? 'offer' : 'icecandidate', n === 0 ? offer : candidate, 'daily', to),
      );
    const pairs = people.flatMap((from) =>
      people.filter((to) => to !== from).map((to) => ({ from, to: to.id })),
    );
    const replies = await Promise.all(pairs.flatMap(({ from, to }) => burst(from, to)));
    expect(replies).toHaveLength(12 * 11 * 31);
    expect(replies.every(({ ok }) => ok)).toBe(true);
  });

  it('SIG-51 disconnects a flooder, and nobody else', async () => {
    const server = await serve({ rateLimit: { burst: 50, perSecond: 0.001 } });
    const assertUnmoved = await bystanders(server);
    const eve = await connect(server);
    for (let count = 0; count < 600; count += 1) eve.say('offer', {}, 'daily');
    await eve.disconnected();
    await assertUnmoved();
    await expect.poll(() => server.stats.connections).toBe(2);
  });
});

describe('nonsense', () => {
  const anyEvent = fc.oneof(
    fc.constantFrom('join', 'offer', 'answer', 'icecandidate', 'leave', 'prepare', 'error'),
    fc.constantFrom('host', 'authenticate', 'resume', 'door', 'knocked'),
    fc.constantFrom('__proto__', 'constructor', 'toString', 'welcome', 'bye', ''),
    fc.string({ unit: 'binary' }).filter((name) => !RESERVED.has(name)),
  );
  const anyArgument = fc.oneof(
    fc.constantFrom<unknown>(
      'eve',
      'daily',
      null,
      {},
      [],
      { room: 'eve' },
      { room: 'eve', name: 7 },
      { room: 'eve', features: ['door'], passcode: 'sesame', token: 'x.y.z' },
      { do: 'door', knock: true, locked: false },
      { do: 'remove', id: 'somebody' },
    ),
    fc.jsonValue({ maxDepth: 12 }),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => ({ sdp: Buffer.from(bytes) })),
    fc.string({ unit: 'binary', maxLength: 2000 }),
  );
  const anyMessage = fc.record({
    event: anyEvent,
    args: fc.array(anyArgument, { maxLength: 5 }),
    acked: fc.boolean(),
  });
  it('SIG-5 survives any events with any arguments; others notice nothing', async () => {
    const server = await serve(NO_LIMIT);
    const assertUnmoved = await bystanders(server);
    const eve = await connect(server);
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyMessage.filter(isNoise), { maxLength: 12 }),
        async (messages) => {
          for (const { event, args, acked } of messages) {
            if (acked) eve.say(event, ...args, () => {});
            else eve.say(event, ...args);
          }
          await eve.settled();
          await assertUnmoved();
        },
      ),
      { numRuns: 150 },
    );
    expect(server.stats.connections).toBe(3);
  });

  const DEEP = 40_000;
  it.each([
    ['an empty packet', ['']],
    ['an unknown packet type', ['9']],
    ['half an event', ['2["offer"']],
    ['an event that is an object', ['2{"offer":1}']],
    ['an event without a name', ['2[]']],
    ['an event named null', ['2[null]']],
    ['an event named by a list', ['2[["offer"]]']],
    ['a reserved event', ['2["disconnect"]']],
    ['an error event', ['2["error",{"message":"boom"}]']],
    ['a second connect', ['0{}']],
    ['an unknown namespace', ['0/admin,{}']],
    ['an event for an unknown namespace', ['2/admin,["join","daily"]']],
    ['an ack nobody asked for', ['37["x"]']],
    ['an ack with a huge number', [`2${'9'.repeat(400)}["prepare"]`]],
    ['a connect error', ['4{"message":"boom"}']],
    ['bytes that nobody announced', [Buffer.from([0, 1, 2])]],
    [
      'announced bytes that never come',
      ['51-["offer",{"_placeholder":true,"num":0},"daily"]', '2["x"]'],
    ],
    ['too many announced bytes', ['5999999999-["offer"]']],
    [
      'a placeholder out of range',
      ['51-["offer",{"_placeholder":true,"num":7},"daily"]', Buffer.from([1])],
    ],
    ['a very deep list', [`2["offer",${'['.repeat(DEEP)}${']'.repeat(DEEP)},"daily"]`]],
    [
      'a very deep list with bytes',
      [`51-["offer",${'['.repeat(DEEP)}${']'.repeat(DEEP)},"daily"]`, Buffer.from([1])],
    ],
    ['a prototype', ['2["join",{"__proto__":{"room":"daily"},"room":"eve"}]']],
  ])('SIG-5 survives %s on the wire; others notice nothing', async (_what, frames) => {
    const server = await serve();
    const assertUnmoved = await bystanders(server);
    const eve = await connect(server);
    for (const frame of frames) eve.sendRaw(frame);
    await dealtWith(eve);
    await assertUnmoved();
    eve.socket.disconnect();
    await expect.poll(() => server.stats).toMatchObject({ connections: 2, rooms: 1, peers: 2 });
  });
});
