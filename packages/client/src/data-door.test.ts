import { describe, expect, it } from 'vitest';
import { DataConnection } from '../test/fakes/data-connection.ts';
import { PeerPipes } from './data/peer-pipes.ts';
import { DataDoor } from './data-door.ts';
import { SILENT_LOGGER } from './logger.ts';
import * as part from './room-data.ts';
import { peerId } from './testing/fake-server.ts';
import { settle } from './testing/settle.ts';

type Load = () => Promise<typeof part>;

function openDoor(load: Load = () => Promise.resolve(part)) {
  const loads: ReturnType<Load>[] = [];
  const door = new DataDoor({
    setTimer: () => () => {},
    logger: SILENT_LOGGER,
    load: () => {
      const loading = load();
      loads.push(loading);
      return loading;
    },
  });
  return { door, loads };
}

/** Ada and Bob, who are connected; the code of Ada's door comes as the test says. */
function setUp(load?: Load) {
  const ada = openDoor(load);
  const bob = openDoor();
  const [pipes, bobsPipes] = [new PeerPipes(), new PeerPipes()];
  const [left, right] = DataConnection.pair();
  pipes.attach(left);
  bobsPipes.attach(right);
  ada.door.addPeer(peerId('bob'), pipes);
  bob.door.addPeer(peerId('ada'), bobsPipes);
  left.open();
  right.open();
  /** Lets arrive what is under way, until nothing is. */
  const flow = async (): Promise<void> => {
    do await settle();
    while (left.deliver() + right.deliver() > 0);
  };
  return { ada, bob, pipes, flow };
}

function hear(door: DataDoor, name = 'chat'): unknown[] {
  const heard: unknown[] = [];
  door.channel(name).on('message', ({ data }) => heard.push(data));
  return heard;
}

const options = expect.objectContaining({ code: 'ERR_OPTIONS' });

describe('the door to the data of a room', () => {
  it('loads nothing for people who come and go without a message', async () => {
    const { ada, pipes, flow } = setUp();
    await flow();
    ada.door.removePeer(peerId('bob'));
    pipes.close();
    ada.door.close();
    expect(ada.loads).toEqual([]);
  });

  it('passes on what was sent before the code came, once and in order', async () => {
    const { ada, bob, flow } = setUp();
    const heard = hear(bob.door);
    const chat = ada.door.channel<number>('chat');
    const sent = [chat.send(1), chat.send(2), chat.send(3)];
    await flow();
    await Promise.all(sent);
    expect([heard, ada.loads.length]).toEqual([[1, 2, 3], 1]);
  });

  it('loads for what comes from the other side, which then hears who does not listen', async () => {
    const { ada, bob, flow } = setUp();
    const unheard: unknown[] = [];
    const chat = bob.door.channel<string>('chat');
    chat.on('unheard', ({ peer }) => unheard.push(peer));
    void chat.send('early');
    await flow();
    expect([unheard, ada.loads.length]).toEqual([[peerId('ada')], 1]);
  });

  it('a loop that began before the code came misses nothing', async () => {
    const { ada, bob, flow } = setUp();
    const reader = ada.door.channel('chat').read();
    const first = reader.next();
    void bob.door.channel('chat').send('hello');
    await flow();
    expect((await first).value).toEqual({ from: peerId('bob'), data: 'hello' });
  });

  it('a listener that was taken away before the code came hears nothing', async () => {
    const { ada, bob, flow } = setUp();
    const heard: unknown[] = [];
    const chat = ada.door.channel('chat');
    chat.on('message', ({ data }) => heard.push(data))();
    const undo = chat.on('message', ({ data }) => heard.push(['second', data]));
    void bob.door.channel('chat').send(1);
    await flow();
    undo();
    void bob.door.channel('chat').send(2);
    await flow();
    expect(heard).toEqual([['second', 1]]);
  });

  it('says that the code did not come, and tries again next time', async () => {
    const { ada, bob, flow } = setUp(() =>
      ada.loads.length === 0 ? Promise.reject(new Error('offline')) : Promise.resolve(part),
    );
    const heard = hear(bob.door);
    const toAda = hear(ada.door);
    const chat = ada.door.channel<string>('chat');
    await expect(chat.send('lost')).rejects.toMatchObject({ code: 'ERR_SDK_LOAD' });
    void chat.send('sent');
    void bob.door.channel('chat').send('back');
    await flow();
    expect([heard, toAda]).toEqual([['sent'], ['back']]);
  });

  it('of a room that has been left refuses to send, and ends loops', async () => {
    const { ada } = setUp();
    const chat = ada.door.channel<number>('chat');
    const sent = chat.send(1);
    ada.door.close();
    await expect(sent).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
    expect(await chat.read().next()).toEqual({ done: true, value: undefined });
  });

  it('answers requests and takes files of others without more than a handler', async () => {
    const { ada, bob, flow } = setUp();
    ada.door.handle('add', (value) => value);
    expect(ada.door.files).toBe(ada.door.files);
    const answer = bob.door.request('add', 3, { to: peerId('ada') });
    const offered = new Promise((resolve) => {
      ada.door.files.on('offer', ({ name }) => resolve(name));
    });
    void bob.door.files.send(new File(['x'], 'a.txt'), { to: peerId('ada') }).catch(() => {});
    const both = Promise.all([answer, offered]);
    const state = { isDone: false };
    void both.then(() => (state.isDone = true));
    while (!state.isDone) await flow();
    expect(await both).toEqual([3, 'a.txt']);
  });
});

describe('opening a channel', () => {
  it('gives the same object each time', () => {
    const { door } = openDoor();
    expect(door.channel('chat')).toBe(door.channel('chat'));
    expect(door.channel('chat').name).toBe('chat');
  });

  it('refuses a name of more than 255 bytes', () => {
    const { door } = openDoor();
    expect(() => door.channel('é'.repeat(128))).toThrow(options);
    expect(door.channel('é'.repeat(127)).name).toHaveLength(127);
  });

  it('refuses another delivery for the same name', () => {
    const { door } = openDoor();
    door.channel('chat');
    expect(() => door.channel('chat', { bulk: true })).toThrow(options);
  });
});

describe('a handler', () => {
  it('is the only one of its name until it is taken away', () => {
    const { door } = openDoor();
    const undo = door.handle('add', () => 1);
    expect(() => door.handle('add', () => 2)).toThrow(options);
    undo();
    door.handle('add', () => 2);
    undo();
    expect(() => door.handle('add', () => 3)).toThrow(options);
  });

  it('has no name of more than 255 bytes, and neither has a request', async () => {
    const { door } = openDoor();
    expect(() => door.handle('é'.repeat(128), () => 1)).toThrow(options);
    const asked = door.request('é'.repeat(128), 1, { to: peerId('bob') });
    await expect(asked).rejects.toMatchObject({ code: 'ERR_OPTIONS' });
  });
});
