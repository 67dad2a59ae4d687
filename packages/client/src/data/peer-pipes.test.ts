import { describe, expect, it } from 'vitest';
import { DataConnection } from '../../test/fakes/data-connection.ts';
import { deliveryOf, PeerPipes } from './peer-pipes.ts';
import type { PipesListener } from './peer-pipes.ts';

/** A listener that writes down what it is told. */
function recorder(told: string[]): PipesListener {
  return {
    opened: (delivery) => told.push(`opened ${delivery}`),
    received: (delivery, bytes) =>
      told.push(`received ${delivery} ${Buffer.from(bytes).toString('hex')}`),
    refuse: () => told.push('refused'),
    close: () => told.push('closed'),
  };
}

function setUp() {
  const [connection] = DataConnection.pair();
  const pipes = new PeerPipes();
  pipes.attach(connection);
  const arrive = (id: number, data: unknown): void => connection.channels.get(id)?.arrive(data);
  return { connection, pipes, arrive };
}

const BYTES = Uint8Array.of(0xab, 0xcd).buffer;

describe('the pipes to a peer', () => {
  it('open by agreement on their ids, each with its way of delivery', () => {
    const { connection } = setUp();
    expect([...connection.channels.values()].map(({ init }) => init)).toEqual([
      { negotiated: true, id: 1 },
      { negotiated: true, id: 2, ordered: false, maxRetransmits: 0 },
      { negotiated: true, id: 3 },
    ]);
    const none = deliveryOf({});
    const lossy = deliveryOf({ ordered: false, maxRetransmits: 0 });
    expect([none, lossy, deliveryOf({ bulk: true })]).toEqual(['reliable', 'unreliable', 'bulk']);
  });

  it('tell a listener that comes later what has happened, in order', () => {
    const { connection, pipes, arrive } = setUp();
    const told: string[] = [];
    let unheard = 0;
    pipes.onUnheard = () => {
      unheard += 1;
    };
    connection.channels.get(1)?.open();
    expect(unheard).toBe(0);
    arrive(1, BYTES);
    pipes.listen(recorder(told));
    arrive(3, BYTES);
    pipes.refuse();
    pipes.close();
    expect(unheard).toBe(1);
    expect(told).toEqual([
      'opened reliable',
      'received reliable abcd',
      'received bulk abcd',
      'refused',
      'closed',
    ]);
  });

  it('keep nothing of the connections before, however often those were rebuilt', () => {
    const pipes = new PeerPipes();
    const connections = Array.from({ length: 3 }, () => DataConnection.pair()[0]);
    for (const connection of connections) {
      pipes.attach(connection);
      for (const id of [1, 2, 3]) connection.channels.get(id)?.open();
    }
    const opened: unknown[] = [];
    pipes.listen({ ...recorder([]), opened: (_, channel) => opened.push(channel) });
    expect(opened).toHaveLength(3);
    for (const [index, channel] of opened.entries()) {
      expect(channel).toBe(connections[2]?.channels.get(index + 1));
    }
  });

  it('pass on bytes, and nothing else that another page may send', () => {
    const { connection, pipes, arrive } = setUp();
    const told: string[] = [];
    pipes.listen(recorder(told));
    expect(connection.channels.get(2)?.binaryType).toBe('arraybuffer');
    for (const data of ['text', BYTES, null, {}]) arrive(2, data);
    expect(told).toEqual(['received unreliable abcd']);
  });
});
