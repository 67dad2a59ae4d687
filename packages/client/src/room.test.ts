import { describe, expect, it } from 'vitest';
import { FakeServer, peerId } from './testing/fake-server.ts';
import { Gate } from '../test/fakes/gate.ts';
import { guestIn } from '../test/fakes/guest.ts';
import type { Guest } from '../test/fakes/guest.ts';
import { settle } from './testing/settle.ts';
import { abortable } from './abortable.ts';

function joinAs(server: FakeServer, name: string): Promise<Guest> {
  const arriving = guestIn(server, name);
  return arriving.room.join(new AbortController().signal).then(() => arriving);
}

function namesIn({ room }: Guest): readonly string[] {
  return room.snapshot.peers.map(({ name }) => name);
}

function statesIn({ room }: Guest): readonly string[] {
  return room.snapshot.peers.map(({ snapshot }) => snapshot.state);
}

describe('joining', () => {
  it('those inside offer to the newcomer, and everybody gets connected', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    const bob = await joinAs(server, 'Bob');
    const eve = await joinAs(server, 'Eve');
    await settle();
    expect([ada, bob, eve].map(namesIn)).toEqual([
      ['Bob', 'Eve'],
      ['Ada', 'Eve'],
      ['Ada', 'Bob'],
    ]);
    for (const person of [ada, bob, eve]) {
      expect(statesIn(person)).toEqual(['connected', 'connected']);
    }
    const offers = [ada, bob, eve].map(
      ({ signaling }) => signaling.sent.filter(({ event }) => event === 'offer').length,
    );
    expect(offers).toEqual([2, 1, 0]);
  });

  it('tells who I am and that my name is what the server made of it', async () => {
    const { room } = await joinAs(new FakeServer(), 'Ada');
    expect(room.name).toBe('daily');
    expect(room.self).toMatchObject({ id: 'p101', name: 'Ada' });
    expect(room.self.camera.source).toBe('camera');
    expect(room.self).toBe(room.self);
  });

  it('uses the ICE servers that the server names', async () => {
    const server = new FakeServer();
    await joinAs(server, 'Ada');
    const { platform } = await joinAs(server, 'Bob');
    expect(platform.connections[0]?.configuration.iceServers).toEqual(server.iceServers);
  });

  it('loses no offer that comes before the answer to join has been read', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    const gate = new Gate();
    server.answers = gate.opened;
    const bob = guestIn(server, 'Bob');
    const joining = bob.room.join(new AbortController().signal);
    await settle();
    expect(ada.signaling.sent.map(({ event }) => event)).toContain('offer');
    gate.open();
    await joining;
    await settle();
    expect([...statesIn(ada), ...statesIn(bob)]).toEqual(['connected', 'connected']);
  });

  it('a welcome that comes twice makes one peer', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    ada.signaling.tell('welcome', { peer: { id: peerId('x'), name: 'Bob' }, offer: null });
    ada.signaling.tell('welcome', { peer: { id: peerId('x'), name: 'Bob' }, offer: null });
    await settle();
    expect(namesIn(ada)).toEqual(['Bob']);
    expect(ada.platform.open).toHaveLength(1);
  });

  it('ends when the server sends us away', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    const bob = await joinAs(server, 'Bob');
    await settle();
    bob.signaling.tell('bye', { peer: { id: bob.room.self.id, name: 'Bob' }, reason: 'removed' });
    ada.signaling.tell('bye', { peer: { id: bob.room.self.id, name: 'Bob' }, reason: 'removed' });
    await settle();
    expect(bob.room.snapshot).toMatchObject({ state: 'closed', closeReason: 'removed' });
    expect(bob.platform.open).toEqual([]);
    expect(namesIn(ada)).toEqual([]);
  });

  it('messages of people who are not here are dropped', async () => {
    const ada = await joinAs(new FakeServer(), 'Ada');
    ada.signaling.tell('signal', {
      event: 'offer',
      payload: { type: 'offer', sdp: 'v=0' },
      from: peerId('nobody'),
    });
    ada.signaling.tell('bye', { peer: { id: peerId('nobody'), name: '' }, reason: 'left' });
    await settle();
    expect(ada.log).toEqual([]);
    expect(ada.platform.connections).toEqual([]);
  });

  it('that is given up closes the room', async () => {
    const server = new FakeServer();
    server.reachable = false;
    const { room, log } = guestIn(server, 'Ada');
    const controller = new AbortController();
    const joining = room.join(controller.signal);
    controller.abort(new Error('changed my mind'));
    await expect(joining).rejects.toThrow('changed my mind');
    expect(room.snapshot.state).toBe('closed');
    expect(log).toEqual(['closed lost', 'gave up']);
    expect(() => room.self).toThrow(TypeError);
  });
});

describe('events and snapshots', () => {
  it('replay the peers who are already here to a new listener', async () => {
    const server = new FakeServer();
    await joinAs(server, 'Ada');
    await joinAs(server, 'Bob');
    const { room } = await joinAs(server, 'Eve');
    const names: string[] = [];
    room.on('peer', ({ name }) => names.push(name));
    expect(names).toEqual(['Ada', 'Bob']);
    await joinAs(server, 'Zoe');
    await settle();
    expect(names).toEqual(['Ada', 'Bob', 'Zoe']);
  });

  it('the snapshot has changed when the event comes', async () => {
    const server = new FakeServer();
    const { room } = await joinAs(server, 'Ada');
    const seen: number[] = [];
    room.on('peer', () => seen.push(room.snapshot.peers.length));
    room.on('peerLeft', () => seen.push(room.snapshot.peers.length));
    const bob = await joinAs(server, 'Bob');
    await settle();
    await bob.room.leave();
    await settle();
    expect(seen).toEqual([1, 0]);
  });
});

describe('leaving', () => {
  it('closes every connection and tells the others why', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    const bob = await joinAs(server, 'Bob');
    await settle();
    await bob.room.leave();
    await bob.room.leave();
    await settle();
    expect(bob.room.snapshot).toEqual({ state: 'closed', closeReason: 'left', peers: [] });
    expect(bob.log).toEqual(['peer Ada', 'closed left', 'released']);
    expect(bob.platform.open).toEqual([]);
    expect(ada.log).toEqual(['peer Bob', 'left Bob']);
    expect(ada.platform.open).toEqual([]);
  });

  it('a lost peer is told apart from one who left', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    const bob = await joinAs(server, 'Bob');
    await settle();
    bob.platform.open[0]?.dom.close();
    ada.platform.open[0]?.setConnectionState('disconnected');
    bob.signaling.expire();
    await settle();
    expect(ada.log).toEqual(['peer Bob', 'lost Bob']);
  });

  it('SIG-82 nobody is lost for as long as our own connection to them is there', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    const bob = await joinAs(server, 'Bob');
    await settle();
    bob.signaling.expire();
    await settle();
    ada.platform.clock.advance(300_000);
    expect(namesIn(ada)).toEqual(['Bob']);
    ada.platform.open[0]?.setConnectionState('failed');
    ada.platform.clock.advance(5_000);
    expect(ada.log).toEqual(['peer Bob', 'lost Bob']);
    expect(ada.platform.clock.pendingTimers).toBe(0);
  });

  it('does not wait for ever for the answer to a goodbye', async () => {
    const { room, signaling, platform, log } = await joinAs(new FakeServer(), 'Ada');
    signaling.leave = (signal: AbortSignal) => abortable(new Promise<void>(() => {}), signal);
    const leaving = room.leave();
    expect(room.snapshot.state).toBe('closed');
    platform.clock.advance(2_000);
    await leaving;
    expect(log).toEqual(['closed left', 'gave up']);
    expect(platform.clock.pendingTimers).toBe(0);
  });

  it('hears nothing any more', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    await ada.room.leave();
    ada.signaling.tell('welcome', { peer: { id: peerId('x'), name: 'Bob' }, offer: null });
    await settle();
    expect(ada.platform.open).toEqual([]);
    expect(ada.room.snapshot.peers).toEqual([]);
  });
});

describe('a connection to the server that breaks', () => {
  it('SIG-64 is reconnecting until it comes back; then everything is as it was', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    const bob = await joinAs(server, 'Bob');
    await settle();
    const before = bob.room.self;
    const [peer] = bob.room.snapshot.peers;
    bob.signaling.drop();
    expect(bob.room.snapshot.state).toBe('reconnecting');
    expect(statesIn(bob)).toEqual(['connected']);
    bob.signaling.restore();
    await settle();
    expect(bob.room.snapshot.state).toBe('connected');
    expect(bob.room.self).toBe(before);
    expect(bob.room.snapshot.peers).toEqual([peer]);
    expect([bob.log, ada.log]).toEqual([['peer Ada'], ['peer Bob']]);
    expect(
      [bob.platform.connections, ada.platform.connections].map(({ length }) => length),
    ).toEqual([1, 1]);
  });

  it('SIG-65 meets those who came meanwhile, and misses those who went', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    const bob = await joinAs(server, 'Bob');
    await settle();
    ada.signaling.drop();
    await bob.room.leave();
    const cyd = await joinAs(server, 'Cyd');
    await settle();
    expect(namesIn(ada)).toEqual(['Bob']);
    ada.signaling.restore();
    await settle();
    expect(ada.log).toEqual(['peer Bob', 'left Bob', 'peer Cyd']);
    expect([...statesIn(ada), ...statesIn(cyd)]).toEqual(['connected', 'connected']);
  });

  it('SIG-67 survives a restart of the server: the same peers, ids and connections', async () => {
    const server = new FakeServer();
    const people = [await joinAs(server, 'Ada'), await joinAs(server, 'Bob')];
    await settle();
    const before = people.map(({ room }) => [room.self, ...room.snapshot.peers]);
    server.restart();
    for (const { signaling } of people) {
      signaling.restore();
      await settle();
    }
    expect(people.map(({ room }) => [room.self, ...room.snapshot.peers])).toEqual(before);
    const cyd = await joinAs(server, 'Cyd');
    await settle();
    expect(namesIn(cyd)).toEqual(['Ada', 'Bob']);
    for (const person of [...people, cyd]) {
      expect(statesIn(person)).toEqual(['connected', 'connected']);
      person.platform.clock.advance(300_000);
    }
    expect(people.map(({ log }) => log)).toEqual([
      ['peer Bob', 'peer Cyd'],
      ['peer Ada', 'peer Cyd'],
    ]);
  });

  it('SIG-82 waits for those who do not come back to a restarted server', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    await joinAs(server, 'Bob');
    await settle();
    server.restart();
    ada.signaling.restore();
    await settle();
    ada.platform.open[0]?.setConnectionState('failed');
    ada.platform.clock.advance(29_999);
    expect(namesIn(ada)).toEqual(['Bob']);
    ada.platform.clock.advance(1);
    expect(ada.log).toEqual(['peer Bob', 'lost Bob']);
  });

  it('SIG-66 asks again for what a forgetful server has lost', async () => {
    const server = new FakeServer();
    server.isForgetful = true;
    const ada = await joinAs(server, 'Ada');
    const bob = await joinAs(server, 'Bob');
    bob.signaling.drop(); // before the offer
    await settle();
    expect(statesIn(ada)).toEqual(['connecting']);
    ada.signaling.drop();
    bob.signaling.restore();
    ada.signaling.restore();
    await settle();
    expect([...statesIn(ada), ...statesIn(bob)]).toEqual(['connected', 'connected']);
  });

  it('SIG-80 comes back as somebody new when the server does not know us any more', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    const bob = await joinAs(server, 'Bob');
    await settle();
    bob.signaling.drop();
    bob.signaling.expire();
    const before = bob.room.self.id;
    const [peerBefore] = bob.room.snapshot.peers;
    bob.signaling.restore();
    await settle();
    expect(bob.room.snapshot.state).toBe('connected');
    expect(bob.room.self.id).not.toBe(before);
    expect(bob.room.snapshot.peers[0]).not.toBe(peerBefore);
    expect(peerBefore?.snapshot.state).toBe('closed');
    expect(bob.log).toEqual(['peer Ada', 'lost Ada', 'peer Ada']);
    expect(statesIn(bob)).toEqual(['connected']);
    expect(ada.room.snapshot.peers.at(-1)?.snapshot.state).toBe('connected');
    expect(bob.platform.open).toHaveLength(1);
  });

  it('does not meet its own former self', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    const ghost = ada.room.self.id;
    ada.signaling.drop();
    ada.signaling.expire();
    server.rooms.get('daily')?.set(ghost, server.open());
    const answer = ada.signaling.join.bind(ada.signaling);
    ada.signaling.join = async (request, signal) => {
      const joined = await answer(request, signal);
      return { ...joined, peers: [{ id: ghost, name: 'Ada' }] };
    };
    ada.signaling.restore();
    await settle();
    expect(ada.room.snapshot).toMatchObject({ state: 'connected', peers: [] });
  });

  it('closes the room when the server does not let us back in', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    ada.signaling.drop();
    ada.signaling.expire();
    server.maxPeers = 0;
    ada.signaling.restore();
    await settle();
    expect(ada.room.snapshot).toMatchObject({ state: 'closed', closeReason: 'lost' });
    expect(ada.log).toEqual(['closed lost', 'gave up']);
  });

  it('joins once when it flickers', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    ada.signaling.drop();
    ada.signaling.restore();
    ada.signaling.restore();
    await settle();
    expect(server.rooms.get('daily')?.size).toBe(1);
  });

  it('can be left meanwhile', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    ada.signaling.drop();
    await ada.room.leave();
    ada.signaling.restore();
    await settle();
    expect(ada.room.snapshot.closeReason).toBe('left');
    expect(server.rooms.get('daily')?.size).toBe(0);
  });
});

it('600 people who come and go leave nothing behind', async () => {
  const server = new FakeServer();
  const ada = await joinAs(server, 'Ada');
  for (let round = 0; round < 600; round += 1) {
    const other = await joinAs(server, `Guest ${round}`);
    await settle();
    await other.room.leave();
    await settle();
    if (other.platform.open.length > 0) throw new Error(`round ${round} left a connection open`);
  }
  expect(ada.room.snapshot.peers).toEqual([]);
  expect(ada.platform.open).toEqual([]);
  expect(ada.platform.connections.map(({ listeners }) => listeners)).toEqual(
    Array.from({ length: 600 }, () => 0),
  );
  expect(ada.platform.clock.pendingTimers).toBe(0);
}, 30_000);

describe('channels', () => {
  it('carry messages to those in the room, until they leave or I do', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    const bob = await joinAs(server, 'Bob');
    const chat = ada.room.channel<string>('chat');
    expect(ada.room.channel('chat')).toBe(chat);
    const { id } = bob.room.self;
    await expect(chat.send('hello', { to: ada.room.self.id })).rejects.toMatchObject({
      code: 'ERR_PEER_UNKNOWN',
    });

    const toBob = chat.send('hello', { to: id });
    await bob.room.leave();
    await settle();
    await expect(toBob).rejects.toMatchObject({ code: 'ERR_PEER_LEFT' });
    await expect(chat.send('hello', { to: id })).rejects.toMatchObject({
      code: 'ERR_PEER_UNKNOWN',
    });
    await chat.send('nobody is here');
    await ada.room.leave();
    await expect(chat.send('hello')).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
  });

  it('open before anybody is here, and in a room of two at both ends', async () => {
    const server = new FakeServer();
    const ada = await joinAs(server, 'Ada');
    const chat = ada.room.channel('chat');
    const bob = await joinAs(server, 'Bob');
    await settle();
    const ids = [ada, bob].map(({ platform }) =>
      platform.connections[0]?.channels.map(({ init }) => init.id),
    );
    expect(ids).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
    const sent = chat.send('hello');
    for (const channel of ada.platform.connections[0]?.channels ?? []) channel.open();
    await sent;
    expect(ada.platform.connections[0]?.channels[1]?.sent).toHaveLength(2);
  });
});
