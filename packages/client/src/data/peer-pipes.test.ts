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

  it('pass on bytes, and nothing else that another page may send', () => {
    const { connection, pipes, arrive } = setUp();
    const told: string[] = [];
    pipes.listen(recorder(told));
    expect(connection.channels.get(2)?.binaryType).toBe('arraybuffer');
    for (const data of ['text', BYTES, null, {}]) arrive(2, data);
    expect(told).toEqual(['received unreliable abcd']);
  });
});
