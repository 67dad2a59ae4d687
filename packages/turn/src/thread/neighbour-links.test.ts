import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { EngineHarness } from '../../test/engine-harness.ts';
import { FakeSocket } from '../../test/fake-socket.ts';
import type { TurnTestClient } from '../../test/turn-test-client.ts';
import { NeighbourLinks } from './neighbour-links.ts';

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** One of two threads, without the thread. */
class Seat {
  readonly links: NeighbourLinks;
  readonly harness: EngineHarness;

  constructor(seat: number, news: Int32Array) {
    this.links = new NeighbourLinks({ seat, seats: 2, nonceKey: Buffer.alloc(32, 7), news });
    const { neighbours, ports } = this.links.serverTeam;
    this.harness = new EngineHarness({ neighbours, virtualPorts: ports });
  }

  attach(): void {
    const { engine, udp } = this.harness;
    this.links.attach({
      allocations: engine.allocations,
      pathOf: () => ({ transport: 'udp', family: 4 }),
      socketFor: () => udp,
    });
  }
}

function connect(one: Seat, other: Seat, [seatOfOne, seatOfOther] = [0, 1]): void {
  const { port1, port2 } = new MessageChannel();
  closing.push(() => port1.close());
  one.links.connect(seatOfOther ?? 1, port1);
  other.links.connect(seatOfOne ?? 0, port2);
}

function setUp(): { news: Int32Array; red: Seat; blue: Seat } {
  const news = new Int32Array(new SharedArrayBuffer(8));
  const [red, blue] = [new Seat(0, news), new Seat(1, news)];
  red.attach();
  blue.attach();
  connect(red, blue);
  return { news, red, blue };
}

/** A client of each thread, with allocations of one room. */
function callers(red: Seat, blue: Seat): [TurnTestClient, TurnTestClient] {
  const ada = red.harness.client('red-a', { ip: '203.0.113.101' });
  const bob = blue.harness.client('red-b', { ip: '203.0.113.102' });
  ada.allocate();
  bob.allocate();
  return [ada, bob];
}

it('TEAM-1 a thread sends to the client of another one from its own socket', () => {
  const { red, blue } = setUp();
  const [ada, bob] = callers(red, blue);
  expect([ada.bind(0x4000, bob.relayed), bob.bind(0x4001, ada.relayed)]).toEqual([0, 0]);
  ada.sendChannel(0x4000, 'hello');
  expect(blue.harness.udp.take()).toEqual([]);
  const [packet] = red.harness.udp.take();
  expect(packet?.bytes.toString('hex', 0, 4)).toBe('40010005');
  expect(packet?.to).toEqual(bob.address);
});

it('TEAM-2 what is told before the thread listens is not lost', () => {
  const news = new Int32Array(new SharedArrayBuffer(8));
  const [red, blue] = [new Seat(0, news), new Seat(1, news)];
  red.attach();
  connect(red, blue);
  const ada = red.harness.client('red-a');
  ada.allocate();
  blue.attach();
  const bob = blue.harness.client('red-b');
  bob.allocate();
  expect(bob.permit(ada.relayed)).toBe(0);
});

it('TEAM-3 everything that was told is forgotten in the end', () => {
  const { red, blue } = setUp();
  const [ada, bob] = callers(red, blue);
  bob.permit(ada.relayed);
  expect(blue.harness.engine.allocations.rooms).toBe(1);
  ada.refresh(0);
  expect(bob.permit(ada.relayed)).toBe(403);
  bob.refresh(0);
  red.harness.engine.tick();
  expect([red, blue].map(({ harness }) => harness.engine.allocations.rooms)).toEqual([0, 0]);
});

it('TEAM-5 packets that were sent for another thread are told to it, once', () => {
  const { red, blue } = setUp();
  const [ada, bob] = callers(red, blue);
  expect([ada.permit(bob.relayed), bob.permit(ada.relayed)]).toEqual([0, 0]);
  ada.send(bob.relayed, 'seven b');
  for (let round = 0; round < 3; round += 1) {
    red.harness.engine.tick();
    blue.harness.engine.tick();
  }
  bob.refresh(0);
  const ended = blue.harness.log.find(({ message }) => message === 'allocation ended');
  expect(ended?.fields).toMatchObject({ packetsReceived: 1, bytesReceived: 7 });
});

it('TEAM-6 a thread that takes a seat is told everything, and nothing of its predecessor stays', () => {
  const { news, red, blue } = setUp();
  const [ada, bob] = callers(red, blue);
  const next = new Seat(1, news);
  connect(red, next);
  next.attach();
  const late = next.harness.client('red-c');
  late.allocate();
  expect(late.permit(ada.relayed)).toBe(0);
  expect(ada.permit(bob.relayed)).toBe(403);
  expect(ada.permit(late.relayed)).toBe(0);
});

it('TEAM-1 a client that cannot be reached from here is no neighbour', () => {
  const { red, blue } = setUp();
  blue.links.attach({
    allocations: blue.harness.engine.allocations,
    pathOf: () => undefined,
    socketFor: () => new FakeSocket(blue.harness.engine),
  });
  const [ada, bob] = callers(red, blue);
  expect([ada.permit(bob.relayed), bob.permit(ada.relayed)]).toEqual([403, 0]);
});
