import { getEventListeners } from 'node:events';
import type { PeerId } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { Line, people } from '../../test/fakes/people.ts';
import { settle } from '../testing/settle.ts';
import { SILENT_LOGGER } from '../logger.ts';
import type { Channel, ChannelMessage, ChannelOptions } from './channel.ts';
import { ChannelSet } from './channel-set.ts';

function record<T>(channel: Channel<T>): ChannelMessage<T>[] {
  const messages: ChannelMessage<T>[] = [];
  channel.on('message', (message) => messages.push(message));
  return messages;
}

describe('channels of a room', () => {
  it('reach everybody who has opened them, under the name of the sender', async () => {
    const [ada, bob, eve] = people();
    const lines = [new Line(ada, bob), new Line(ada, eve)];
    const toBob = record(bob.channels.open<string>('chat'));
    const toEve = record(eve.channels.open<string>('chat'));
    const elsewhere = record(eve.channels.open<string>('other'));
    const sent = ada.channels.open<string>('chat').send('hello');
    for (const line of lines) line.connect();
    await sent;
    expect(toBob).toEqual([{ from: ada.id, data: 'hello' }]);
    expect(toEve).toEqual(toBob);
    expect(elsewhere).toEqual([]);
  });

  it('reach only those who are meant', async () => {
    const [ada, bob, eve] = people();
    const lines = [new Line(ada, bob), new Line(ada, eve)];
    for (const line of lines) line.connect();
    const [toBob, toEve] = [bob, eve].map((one) => record(one.channels.open('chat')));
    const chat = ada.channels.open('chat');
    await chat.send(1, { to: bob.id });
    await chat.send(2, { to: [bob.id, eve.id, bob.id] });
    await chat.send(3, { to: [] });
    for (const line of lines) line.flow();
    expect(toBob?.map(({ data }) => data)).toEqual([1, 2]);
    expect(toEve?.map(({ data }) => data)).toEqual([2]);
  });

  it('reach those who come later from then on', async () => {
    const [ada, bob] = people();
    const chat = ada.channels.open<string>('chat');
    const toBob = record(bob.channels.open<string>('chat'));
    await chat.send('before');
    const line = new Line(ada, bob);
    const waiting = chat.send('after');
    line.connect();
    await waiting;
    expect(toBob.map(({ data }) => data)).toEqual(['after']);
  });

  it.each<ChannelOptions<number>>([{}, { bulk: true }])(
    'with %j lose and repeat nothing when the connection is replaced',
    async (options) => {
      const [ada, bob] = people();
      const line = new Line(ada, bob);
      line.connect();
      const toBob = record(bob.channels.open<number>('chat', options));
      const chat = ada.channels.open<number>('chat', options);
      for (let count = 0; count < 100; count += 1) {
        void chat.send(count);
        if (count % 3 === 0) line.flow();
        if (count % 7 === 0) line.connect();
      }
      line.flow();
      await settle();
      expect(toBob.map(({ data }) => data)).toEqual([...Array(100).keys()]);
    },
  );

  it('without order repeat nothing when the connection is replaced, but may lose', async () => {
    const [ada, bob] = people();
    const line = new Line(ada, bob);
    line.connect();
    const options = { ordered: false, maxRetransmits: 0 } as const;
    const toBob = record(bob.channels.open<number>('at', options));
    const cursors = ada.channels.open<number>('at', options);
    await cursors.send(1);
    line.connect();
    await cursors.send(2);
    line.flow();
    expect(toBob.map(({ data }) => data)).toEqual([2]);
  });

  it('can be read as a loop, which keeps the sender waiting until it has read', async () => {
    const [ada, bob] = people();
    const line = new Line(ada, bob);
    line.connect();
    const reader = bob.channels.open<Uint8Array>('data')[Symbol.asyncIterator]();
    const first = reader.next();
    const data = ada.channels.open<Uint8Array>('data');
    const size = 3 * 1024 * 1024;
    let sent = 0;
    const sending = Array.from({ length: 5 }, async (_, index) => {
      await data.send(new Uint8Array(size).fill(index));
      sent += 1;
    });
    line.flow();
    await settle();
    expect(sent).toBeLessThan(4);
    for (let index = 0; index < 5; index += 1) {
      const { value } = await (index === 0 ? first : reader.next());
      expect([value?.data.length, value?.data[0]]).toEqual([size, index]);
      line.flow();
      await settle();
      line.flow();
    }
    await Promise.all(sending);
    expect(sent).toBe(5);
  });

  it('are held up by the slowest of two loops, and no more when it ends', async () => {
    const [ada, bob] = people();
    const line = new Line(ada, bob);
    line.connect();
    const chat = bob.channels.open<number>('chat');
    const [quick, slow] = [chat[Symbol.asyncIterator](), chat[Symbol.asyncIterator]()];
    const firsts = [quick.next(), slow.next()];
    await ada.channels.open<number>('chat').send(1);
    line.flow();
    for (const { value } of await Promise.all(firsts)) expect(value?.data).toBe(1);
    await slow.return?.();
    const second = quick.next();
    await ada.channels.open<number>('chat').send(2);
    line.flow();
    expect((await second).value?.data).toBe(2);
    expect(await slow.next()).toEqual({ done: true, value: undefined });
  });

  it('can be read until a signal ends the loop, which keeps nobody waiting then', async () => {
    const [ada, bob] = people();
    const line = new Line(ada, bob);
    line.connect();
    const controller = new AbortController();
    const { signal } = controller;
    const chat = bob.channels.open<number>('chat');
    const reader = chat.read({ signal });
    const first = reader.next();
    await ada.channels.open<number>('chat').send(1);
    line.flow();
    expect((await first).value?.data).toBe(1);
    const second = reader.next();
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    await expect(chat.read({ signal }).next()).rejects.toBe(reason);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('tell the sender who has not opened them', async () => {
    const [ada, bob] = people();
    const line = new Line(ada, bob);
    line.connect();
    const chat = ada.channels.open('chat');
    const unheard: PeerId[] = [];
    chat.on('unheard', ({ peer }) => unheard.push(peer));
    await chat.send('anybody?');
    line.flow();
    expect(unheard).toEqual([bob.id]);
  });

  it('use the codec of the application, and drop what it cannot read', async () => {
    const [ada, bob] = people();
    const line = new Line(ada, bob);
    line.connect();
    const codec = {
      encode: (value: string) => Buffer.from(value),
      decode: (bytes: Uint8Array) => {
        const text = Buffer.from(bytes).toString();
        if (text === 'bad') throw new Error('bad');
        return text;
      },
    };
    const toBob = record(bob.channels.open<string>('raw', { codec }));
    const raw = ada.channels.open<string>('raw', { codec });
    for (const text of ['good', 'bad', 'also good']) await raw.send(text);
    line.flow();
    expect(toBob.map(({ data }) => data)).toEqual(['good', 'also good']);
  });

  it('drop text that is no JSON', async () => {
    const [ada, bob] = people();
    const line = new Line(ada, bob);
    line.connect();
    const toBob = record(bob.channels.open('chat'));
    const data = ada.peers.get(bob);
    const bytes = Buffer.from('{');
    data?.reliable.send('chat', { bytes, isText: true, settle: () => {} });
    await ada.channels.open('chat').send('next');
    line.flow();
    expect(toBob.map(({ data: value }) => value)).toEqual(['next']);
  });
});

describe('a message that cannot be sent', () => {
  it('to somebody unknown is refused', async () => {
    const [ada, bob, eve] = people();
    new Line(ada, bob).connect();
    const toBob = record(bob.channels.open('chat'));
    const sent = ada.channels.open('chat').send(1, { to: [bob.id, eve.id] });
    await expect(sent).rejects.toMatchObject({ code: 'ERR_PEER_UNKNOWN' });
    expect(toBob).toEqual([]);
  });

  it('to a page without channels is refused, and skipped in a broadcast', async () => {
    const [ada, bob, eve] = people();
    new Line(ada, bob).connect();
    const plain = ada.meet(eve);
    const chat = ada.channels.open('chat');
    const [toAll, toEve] = [chat.send('all'), chat.send('eve', { to: eve.id })];
    plain.refuse();
    await toAll;
    await expect(toEve).rejects.toMatchObject({ code: 'ERR_PEER_WITHOUT_CHANNELS' });
    await chat.send('all again');
    await expect(chat.send('eve again', { to: eve.id })).rejects.toMatchObject({
      code: 'ERR_PEER_WITHOUT_CHANNELS',
    });
  });

  it('to somebody who leaves is refused, and skipped in a broadcast', async () => {
    const [ada, bob] = people();
    const line = new Line(ada, bob);
    const chat = ada.channels.open('chat');
    const [toAll, toBob] = [chat.send('all'), chat.send('bob', { to: bob.id })];
    ada.part(bob);
    await toAll;
    await expect(toBob).rejects.toMatchObject({ code: 'ERR_PEER_LEFT' });
    line.connect();
    await expect(chat.send('bob', { to: bob.id })).rejects.toMatchObject({
      code: 'ERR_PEER_UNKNOWN',
    });
  });

  it('in a room that has been left is refused, and loops end', async () => {
    const [ada, bob] = people();
    ada.meet(bob);
    const chat = ada.channels.open('chat');
    const waiting = chat[Symbol.asyncIterator]().next();
    const [toAll, toBob] = [chat.send('all'), chat.send('bob', { to: bob.id })];
    ada.leave();
    const late = [chat.send('late'), ada.channels.open('other').send('late')];
    for (const sent of [toAll, toBob, ...late]) {
      await expect(sent).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
    }
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await chat[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  });

  it('is too large for its channel', async () => {
    const [ada] = people();
    const unreliable = ada.channels.open('at', { ordered: false, maxRetransmits: 0 });
    await unreliable.send(new Uint8Array(16 * 1024));
    const reliable = ada.channels.open('chat');
    await reliable.send(new Uint8Array(16 * 1024 * 1024));
    for (const sent of [
      unreliable.send(new Uint8Array(16 * 1024 + 1)),
      reliable.send(new Uint8Array(16 * 1024 * 1024 + 1)),
    ]) {
      await expect(sent).rejects.toMatchObject({ code: 'ERR_DATA_SIZE' });
    }
  });

  it('is no value', async () => {
    const [ada] = people();
    await expect(ada.channels.open('chat').send(undefined)).rejects.toThrow(TypeError);
  });

  it('leaves no listener on its signal', async () => {
    const [ada, bob] = people();
    new Line(ada, bob).connect();
    const { signal } = new AbortController();
    await ada.channels.open('chat').send('hello', { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('is taken back by its signal', async () => {
    const [ada, bob] = people();
    const line = new Line(ada, bob);
    const toBob = record(bob.channels.open('chat'));
    const chat = ada.channels.open('chat');
    const controller = new AbortController();
    const { signal } = controller;
    const sent = [chat.send('one'), chat.send('two', { signal }), chat.send('three')];
    const reason = new Error('changed my mind');
    controller.abort(reason);
    await expect(sent[1]).rejects.toBe(reason);
    await expect(chat.send('four', { signal })).rejects.toBe(reason);
    line.connect();
    await Promise.all([sent[0], sent[2]]);
    expect(toBob.map(({ data }) => data)).toEqual(['one', 'three']);
  });
});

describe('those who are gone', () => {
  it('are told with the reason, each one once', () => {
    const [ada, bob, eve] = people();
    ada.meet(bob);
    ada.meet(eve);
    const gone: unknown[] = [];
    ada.channels.onGone((peer, error) => gone.push([peer, error]));
    ada.part(bob);
    ada.part(bob);
    expect([ada.channels.has(bob.id), ada.channels.has(eve.id)]).toEqual([false, true]);
    ada.leave();
    ada.leave();
    const left = expect.objectContaining({ code: 'ERR_PEER_LEFT' });
    const closed = expect.objectContaining({ code: 'ERR_CHANNEL_CLOSED' });
    expect(gone).toEqual([
      [bob.id, left],
      [eve.id, closed],
    ]);
  });
});

it('a channel of the same name is the same object each time', () => {
  const channels = new ChannelSet(SILENT_LOGGER);
  expect(channels.open('chat')).toBe(channels.open('chat'));
  expect(channels.open('chat').name).toBe('chat');
});
