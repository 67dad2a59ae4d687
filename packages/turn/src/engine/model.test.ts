import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { addressOf, EngineHarness } from '../../test/engine-harness.ts';
import { RelayModel } from '../../test/relay-model.ts';
import type { Delivery, ModelPeer, Outsider } from '../../test/relay-model.ts';
import type { TurnTestClient } from '../../test/turn-test-client.ts';
import { formatAddress } from '../wire/address-text.ts';

/** Two rooms, three transports, and two allocations of one user. */
const CLIENTS = [
  { user: 'red-a', transport: 'udp' },
  { user: 'red-b', transport: 'udp' },
  { user: 'red-b', transport: 'tcp' },
  { user: 'blue-a', transport: 'udp' },
  { user: 'blue-b', transport: 'tls' },
] as const;
const ROOMS = CLIENTS.map(({ user }) => user.split('-')[0] ?? '');
const OUTSIDERS: readonly Outsider[] = [
  { address: addressOf('9.9.9.9', 7), isAllowed: true },
  { address: addressOf('9.9.9.9', 8), isAllowed: true },
  { address: addressOf('8.8.8.8', 7), isAllowed: true },
  { address: addressOf('10.0.0.1', 7), isAllowed: false },
];
const UNLIMITED = { perSecond: Infinity, burst: Infinity };

const client = fc.nat(CLIENTS.length - 1);
const outsider = fc.constantFrom(...OUTSIDERS);
const channel = fc.constantFrom(0x4000, 0x4001);
const peer: fc.Arbitrary<ModelPeer> = fc.oneof(
  { weight: 4, arbitrary: client.map((index) => ({ kind: 'client' as const, index })) },
  { weight: 1, arbitrary: outsider.map((one) => ({ kind: 'outsider' as const, outsider: one })) },
);

/** One step, made in both worlds and compared. */
interface Step {
  readonly run: (world: World) => void | Promise<void>;
  /** How fast-check prints it. */
  readonly [fc.toStringMethod]: () => string;
}

function step(name: string, run: Step['run']): Step {
  return { run, [fc.toStringMethod]: () => name };
}

function nameOf(one: ModelPeer): string {
  return one.kind === 'client' ? `${one.index}` : formatAddress(one.outsider.address);
}

/** The engine, the model, and everything in between. */
class World {
  readonly harness: EngineHarness;
  readonly model: RelayModel;
  readonly clients: readonly TurnTestClient[];
  readonly isOpen: boolean;
  readonly differences: unknown[] = [];
  #sent = 0;

  constructor(isOpen: boolean) {
    this.isOpen = isOpen;
    this.harness = new EngineHarness({
      mode: isOpen ? 'open' : 'hairpin',
      relay: { nonceLifeMs: 1e9 },
      limits: { bytes: UNLIMITED, strangerRequests: UNLIMITED, allocationRequests: UNLIMITED },
    });
    this.model = new RelayModel(ROOMS, isOpen);
    this.clients = CLIENTS.map(({ user, transport }) => this.harness.client(user, { transport }));
  }

  client(index: number): TurnTestClient {
    const found = this.clients[index];
    if (found === undefined) throw new RangeError(`no client ${index}`);
    return found;
  }

  /** Takes note when the engine did something else than the model. */
  compare(actual: unknown, expected: unknown): void {
    if (!isDeepStrictEqual(actual, expected)) this.differences.push({ actual, expected });
  }

  /** Sends one payload; everything that arrives anywhere must be what the model says. */
  exchange(expected: Delivery | undefined, send: (payload: string) => void): void {
    this.#sent += 1;
    const payload = `payload ${this.#sent}`;
    send(payload);
    const arrived: unknown[] = [];
    for (const [to, one] of this.clients.entries()) {
      for (const { from, payload: text } of one.takeReceived()) arrived.push({ to, from, text });
    }
    for (const socket of this.harness.ports.opened) {
      for (const { to, bytes } of socket.take()) {
        arrived.push({ to: 'outside', address: formatAddress(to), text: bytes.toString() });
      }
    }
    this.compare(arrived, expected === undefined ? [] : [{ ...expected, text: payload }]);
  }
}

/** An Allocate, answered with 437 where there is one already. */
const allocate = client.map((index) =>
  step(`allocate ${index}`, async (world) => {
    const code = world.model.live(index) === undefined ? 0 : 437;
    const answer = await world.client(index).allocateLater();
    world.compare(answer.code, code);
    if (code === 0) world.model.allocated(index, world.client(index).relayed);
  }),
);

const refresh = client.map((index) =>
  step(`refresh ${index}`, (world) => {
    world.compare(world.client(index).refresh().code, world.model.refresh(index));
  }),
);

const release = client.map((index) =>
  step(`release ${index}`, (world) => {
    world.compare(world.client(index).refresh(0).code, world.model.live(index) ? 0 : 437);
    world.model.ended(index);
  }),
);

const permit = fc.tuple(client, peer).map(([index, to]) =>
  step(`permit ${index} -> ${nameOf(to)}`, (world) => {
    const address = world.model.addressOf(to);
    if (address === undefined) return;
    world.compare(world.client(index).permit(address), world.model.permit(index, to));
  }),
);

const bind = fc.tuple(client, channel, peer).map(([index, number, to]) =>
  step(`bind ${index} ${number} -> ${nameOf(to)}`, (world) => {
    const address = world.model.addressOf(to);
    if (address === undefined) return;
    world.compare(world.client(index).bind(number, address), world.model.bind(index, number, to));
  }),
);

const send = fc.tuple(client, peer).map(([index, to]) =>
  step(`send ${index} -> ${nameOf(to)}`, (world) => {
    const address = world.model.addressOf(to);
    if (address === undefined) return;
    world.exchange(world.model.send(index, to), (payload) => {
      world.client(index).send(address, payload);
    });
  }),
);

const sendChannel = fc.tuple(client, channel).map(([index, number]) =>
  step(`channel ${index} ${number}`, (world) => {
    world.exchange(world.model.sendChannel(index, number), (payload) => {
      world.client(index).sendChannel(number, payload);
    });
  }),
);

/** Something from outside reaches the relay socket of a client, if it has one. */
const receive = fc.tuple(client, outsider).map(([index, from]) =>
  step(`receive ${index} <- ${formatAddress(from.address)}`, (world) => {
    const relayed = world.model.live(index)?.relayed;
    if (!world.isOpen || relayed === undefined) return;
    world.exchange(world.model.receive(index, from), (payload) => {
      world.harness.ports.socketAt(relayed.port).receive(from.address, Buffer.from(payload));
    });
  }),
);

const revoke = client.map((index) =>
  step(`revoke ${index}`, (world) => {
    const room = ROOMS[index] ?? '';
    const user = CLIENTS[index]?.user ?? '';
    world.harness.engine.revoke(room, user);
    world.harness.engine.admit(room, user);
    for (const [other, one] of CLIENTS.entries()) if (one.user === user) world.model.ended(other);
  }),
);

const wait = fc
  .tuple(fc.constantFrom(1, 1000, 150_000, 299_999, 300_000), fc.boolean())
  .map(([ms, doesTick]) =>
    step(`wait ${ms} ms${doesTick ? ', tick' : ''}`, (world) => {
      world.harness.clock.advance(ms);
      world.model.now += ms;
      if (doesTick) world.harness.engine.tick();
    }),
  );

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: allocate },
  { weight: 1, arbitrary: refresh },
  { weight: 1, arbitrary: release },
  { weight: 5, arbitrary: permit },
  { weight: 3, arbitrary: bind },
  { weight: 6, arbitrary: send },
  { weight: 6, arbitrary: sendChannel },
  { weight: 3, arbitrary: receive },
  { weight: 1, arbitrary: revoke },
  { weight: 2, arbitrary: wait },
);

async function play(isOpen: boolean, steps: readonly Step[]): Promise<readonly unknown[]> {
  const world = new World(isOpen);
  // Random steps seldom begin with what makes the others interesting.
  for (const [index, one] of world.clients.entries()) {
    await one.allocateLater();
    world.model.allocated(index, one.relayed);
  }
  for (const { run } of steps) await run(world);
  world.harness.engine.tick();
  world.compare(world.harness.engine.counters.allocations, world.model.liveCount);
  for (const one of world.clients) one.refresh(0);
  world.compare(world.harness.engine.counters.allocations, 0);
  world.harness.engine.close();
  world.compare(world.harness.ports.live, []);
  return world.differences;
}

it.each([
  { mode: 'hairpin', isOpen: false },
  { mode: 'open', isOpen: true },
])(
  'MODEL-1 in $mode mode nothing passes but what permissions and rooms allow, and all is freed',
  async ({ isOpen }) => {
    const scripts = fc.array(anyStep, { minLength: 10, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(scripts, async (steps) => {
        expect(await play(isOpen, steps)).toEqual([]);
      }),
      { numRuns: 80 },
    );
  },
  60_000,
);
