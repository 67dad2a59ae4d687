import { MAX_PAYLOAD_BYTES } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { connect, enter, refusal, serve } from './harness.ts';

const OFFER = { type: 'offer', sdp: 'v=0\r\n', parley: { media: { camera: true } } };

describe('joining', () => {
  it('SIG-10 SIG-14 introduces the second person to the first, and tells who is here', async () => {
    const server = await serve({ relay: 'off' });
    const ada = await enter(server, { room: 'daily', name: 'Ada' });
    const bob = await connect(server);

    const reply = await bob.join({ room: 'daily', name: '<b>Bob</b>' });

    expect(reply).toMatchObject({
      ok: true,
      self: { id: expect.stringMatching(/^[\w-]{16}$/), name: '<b>Bob</b>' },
      peers: [{ id: ada.id, name: 'Ada' }],
      iceServers: [{ urls: [`stun:127.0.0.1:${server.port}`] }],
    });
    const { peer } = await ada.hears('welcome');
    expect(reply).toHaveProperty('self', peer);
    expect(await bob.settled()).toEqual([]);
  });

  it('SIG-15 keeps a socket in one room', async () => {
    const server = await serve();
    const ada = await enter(server, 'daily');
    expect(await ada.join('other')).toMatchObject(refusal('ERR_ROOM_ALREADY_JOINED'));
    expect(server.stats).toMatchObject({ connections: 1, rooms: 1, peers: 1 });
  });

  it('SIG-16 turns the one too many away, and lets them in when somebody has left', async () => {
    const server = await serve({ maxPeers: 2 });
    const ada = await enter(server, 'daily');
    const bob = await enter(server, 'daily');
    const cyd = await connect(server);

    expect(await cyd.join('daily')).toMatchObject(refusal('ERR_ROOM_FULL'));
    expect(await ada.settled()).toHaveLength(1);
    await bob.leave();
    expect(await cyd.join('daily')).toMatchObject({ ok: true, peers: [{ id: ada.id }] });
  });

  it('SIG-40 prepares before a room is chosen', async () => {
    const server = await serve({
      relay: 'off',
      iceServers: [{ urls: ['stun:stun.example.org'] }],
    });
    const ada = await connect(server);
    const iceServers = [
      { urls: [`stun:127.0.0.1:${server.port}`] },
      { urls: ['stun:stun.example.org'] },
    ];
    expect(await ada.ask('prepare')).toEqual({ ok: true, iceServers });
    expect(await ada.join('daily')).toMatchObject({ ok: true, iceServers });
  });
});

describe('an offer that comes with the join', () => {
  const ready = { room: 'daily', features: ['offer'] };

  it('SIG-75 SIG-76 reaches one of those inside, and the newcomer hears whom', async () => {
    const server = await serve();
    const plain = await enter(server, 'daily');
    const ada = await enter(server, ready);
    const bob = await connect(server);
    expect(await bob.join({ ...ready, offer: OFFER })).toMatchObject({ offered: ada.id });
    expect(await ada.settled()).toEqual([
      { event: 'welcome', peer: expect.anything(), offer: OFFER },
    ]);
    expect((await plain.settled()).at(-1)).toEqual({ event: 'welcome', peer: expect.anything() });
  });
});

describe('passing on', () => {
  it('SIG-20 SIG-21 passes a whole negotiation between two people, untouched', async () => {
    const server = await serve();
    const ada = await enter(server, 'daily');
    const bob = await enter(server, 'daily');

    await ada.relay('offer', OFFER, 'daily', bob.id);
    expect(await bob.hears('offer')).toEqual({ event: 'offer', payload: OFFER, from: ada.id });
    await bob.relay('answer', { type: 'answer', sdp: 'v=0\r\n' }, 'daily', ada.id);
    expect(await ada.hears('answer')).toMatchObject({ from: bob.id });
    await bob.relay('icecandidate', null, 'daily');
    expect(await ada.hears('icecandidate')).toMatchObject({ payload: null, from: bob.id });
  });

  it('SIG-20 reaches one, or everyone else', async () => {
    const server = await serve();
    const ada = await enter(server, 'daily');
    const bob = await enter(server, 'daily');
    const cyd = await enter(server, 'daily');

    await ada.relay('offer', { n: 1 }, 'daily', cyd.id);
    await ada.relay('offer', { n: 2 }, 'daily');

    const offers = async (client: typeof ada): Promise<unknown[]> =>
      (await client.settled()).flatMap((heard) => (heard.event === 'offer' ? [heard.payload] : []));
    expect(await offers(ada)).toEqual([]);
    expect(await offers(bob)).toEqual([{ n: 2 }]);
    expect(await offers(cyd)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('SIG-2 SIG-20 understands the tutorial page: no ack, no receiver, room last', async () => {
    const server = await serve();
    const ada = await enter(server, 'daily');
    const bob = await connect(server);
    bob.say('join', 'daily');
    await ada.hears('welcome');
    ada.say('offer', OFFER, 'daily');
    expect(await bob.hears('offer')).toMatchObject({ payload: OFFER, from: ada.id });
  });

  it('SIG-22 keeps rooms apart', async () => {
    const server = await serve();
    const ada = await enter(server, 'daily');
    const eve = await enter(server, 'other');

    expect(await eve.relay('offer', OFFER, 'daily')).toMatchObject(refusal('ERR_ROOM_NOT_JOINED'));
    expect(await eve.relay('offer', OFFER, 'daily', ada.id)).toMatchObject(
      refusal('ERR_ROOM_NOT_JOINED'),
    );
    expect(await eve.relay('offer', OFFER, 'other', ada.id)).toMatchObject(
      refusal('ERR_PEER_UNKNOWN'),
    );
    expect(await eve.relay('offer', OFFER, 'other')).toEqual({ ok: true });
    expect(await ada.settled()).toEqual([]);
  });

  it('SIG-21 stamps the sender, whatever the message claims', async () => {
    const server = await serve();
    const ada = await enter(server, 'daily');
    const bob = await enter(server, 'daily');
    const eve = await enter(server, 'daily');

    await eve.ask('offer', { ...OFFER, from: ada.id }, 'daily', bob.id, ada.id);
    expect(await bob.hears('offer')).toMatchObject({ from: eve.id });
    expect(await eve.ask('welcome', { id: ada.id, name: 'Ada' })).toMatchObject(
      refusal('ERR_EVENT_UNKNOWN'),
    );
    expect(await eve.ask('bye', { id: ada.id, name: 'Ada' }, 'left')).toMatchObject(
      refusal('ERR_EVENT_UNKNOWN'),
    );
  });

  it('SIG-27 keeps the order', async () => {
    const server = await serve();
    const ada = await enter(server, 'daily');
    const bob = await enter(server, 'daily');
    for (let n = 0; n < 200; n += 1) ada.say('icecandidate', { n }, 'daily', n % 2 ? bob.id : null);
    await ada.settled();
    const heard = await bob.settled();
    const numbers = heard.map((one) => (one.event === 'icecandidate' ? one.payload : one.event));
    expect(numbers).toEqual(Array.from({ length: 200 }, (_, n) => ({ n })));
  });
});

describe('leaving', () => {
  it('SIG-30 says bye to the others', async () => {
    const server = await serve();
    const ada = await enter(server, 'daily');
    const bob = await enter(server, { room: 'daily', name: 'Bob' });
    await bob.leave();
    expect(await ada.hears('bye')).toEqual({
      event: 'bye',
      peer: { id: bob.id, name: 'Bob' },
      reason: 'left',
    });
  });

  it('SIG-31 tells a goodbye from a loss', async () => {
    const server = await serve();
    const ada = await enter(server, 'daily');
    const bob = await enter(server, 'daily');
    const cyd = await enter(server, 'daily');
    const dan = await enter(server, 'daily');

    bob.socket.disconnect();
    expect(await ada.hears('bye')).toMatchObject({ peer: { id: bob.id }, reason: 'left' });
    cyd.cutWire();
    await expect
      .poll(() => ada.heard.at(-1))
      .toMatchObject({
        event: 'bye',
        peer: { id: cyd.id },
        reason: 'lost',
      });
    dan.say('offer', { sdp: 'x'.repeat(3 * MAX_PAYLOAD_BYTES) }, 'daily');
    await expect
      .poll(() => ada.heard.at(-1))
      .toMatchObject({
        event: 'bye',
        peer: { id: dan.id },
        reason: 'lost',
      });
  });

  it('SIG-31 notices a dead network within 25 seconds', async () => {
    const server = await serve();
    // What the server says about its heartbeat when a connection begins, and acts on.
    const answer = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`);
    const { pingInterval, pingTimeout }: { pingInterval: number; pingTimeout: number } = JSON.parse(
      (await answer.text()).slice(1),
    );
    expect(pingInterval).toBeGreaterThan(0);
    expect(pingTimeout).toBeGreaterThan(0);
    expect(pingInterval + pingTimeout).toBeLessThanOrEqual(25_000);
  });

  it('SIG-11 mints an id for each stay: 16 characters, none of the socket, another one each time', async () => {
    const server = await serve();
    const bob = await connect(server);
    const ids: string[] = [];
    for (let stay = 0; stay < 20; stay += 1) {
      const joined = await bob.join('daily');
      if (joined.ok) ids.push(joined.self.id);
      await bob.leave();
    }
    expect(ids).toHaveLength(20);
    expect(new Set(ids).size).toBe(20);
    expect(ids.filter((id) => !/^[A-Za-z0-9_-]{16}$/u.test(id))).toEqual([]);
    expect(ids).not.toContain(bob.socket.id);
  });

  it('SIG-17 SIG-32 comes and goes without a trace', async () => {
    const server = await serve();
    const ada = await enter(server, 'lobby');
    for (let round = 0; round < 50; round += 1) {
      const room = `room ${round % 7}`;
      const [bob, cyd] = await Promise.all([enter(server, room), enter(server, room)]);
      if (round % 2 === 0) await bob.leave();
      if (round % 4 === 0) await bob.join(room);
      if (round % 3 === 0) cyd.cutWire();
      else cyd.socket.disconnect();
      bob.socket.disconnect();
    }
    await expect.poll(() => server.stats).toMatchObject({ connections: 1, rooms: 1, peers: 1 });
    expect(await ada.settled()).toEqual([]);
  });
});
