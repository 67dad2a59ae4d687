import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Room } from './room.ts';
import { FakeServer } from './testing/fake-server.ts';
import { LoopbackNetwork } from './testing/loopback-network.ts';
import './testing/load-all.ts';
import { InMemoryClient } from './testing/test-client.ts';
import type { World } from './testing/test-client.ts';
import { TestTime } from './testing/test-time.ts';

const PEOPLE = [0, 1, 2] as const;
type Person = (typeof PEOPLE)[number];

/** What happens at one moment. */
type Act =
  | { readonly what: 'leave' | 'join' | 'loseServer' | 'regainServer'; readonly who: Person }
  | { readonly what: 'cut' | 'mend'; readonly who: Person; readonly other: Person }
  | { readonly what: 'restart' };

/** What happens to one signal. */
interface Fate {
  readonly isLost: boolean;
  readonly isRepeated: boolean;
  readonly delayMs: number;
}

interface Plan {
  readonly acts: readonly { readonly act: Act; readonly afterMs: number }[];
  /** Of the first signals; later ones arrive. */
  readonly fates: readonly Fate[];
}

const WHO = fc.constantFrom(...PEOPLE);
const ACT: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constantFrom('leave', 'join'), who: WHO }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constantFrom('loseServer', 'regainServer'), who: WHO }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constantFrom('cut', 'mend'), who: WHO, other: WHO }),
  },
  { weight: 1, arbitrary: fc.constant({ what: 'restart' } as const) },
);
const PLAN: fc.Arbitrary<Plan> = fc.record({
  acts: fc.array(fc.record({ act: ACT, afterMs: fc.constantFrom(0, 0, 50, 800, 4_000) }), {
    maxLength: 12,
  }),
  fates: fc.array(
    fc.record({
      isLost: fc.boolean(),
      isRepeated: fc.boolean(),
      delayMs: fc.constantFrom(0, 0, 30, 2_500),
    }),
    { maxLength: 40 },
  ),
});
/** The ladder from its first rung to a new connection, and time to connect. */
const HEALING_MS = 75_000;

/** Three people, each in the room or not. */
class Company {
  readonly world: World;
  readonly clients: readonly InMemoryClient[];
  readonly rooms = new Map<Person, Room>();
  readonly #joining = new Map<Person, AbortController>();

  constructor({ fates }: Plan) {
    const time = new TestTime();
    const server = new FakeServer();
    const network = new LoopbackNetwork(time.setTimer);
    this.world = { server, network, time, clients: new Set() };
    this.clients = PEOPLE.map(() => new InMemoryClient(this.world, {}));
    let sent = 0;
    server.pass = (deliver) => {
      const fate = fates[sent];
      sent += 1;
      if (fate?.isLost) return;
      const times = fate?.isRepeated ? 2 : 1;
      for (let turn = 0; turn < times; turn += 1) time.setTimer(deliver, fate?.delayMs ?? 0);
    };
  }

  async join(who: Person): Promise<void> {
    const before = this.rooms.get(who);
    const isInside = before !== undefined && before.snapshot.state !== 'closed';
    const client = this.clients[who];
    if (isInside || client === undefined || this.#joining.has(who)) return;
    const giveUp = new AbortController();
    this.#joining.set(who, giveUp);
    try {
      const { signal } = giveUp;
      this.rooms.set(who, await client.join('daily', { name: `${who}`, signal }));
    } finally {
      if (this.#joining.get(who) === giveUp) this.#joining.delete(who);
    }
  }

  async leave(who: Person): Promise<void> {
    this.#joining.get(who)?.abort();
    this.#joining.delete(who);
    const room = this.rooms.get(who);
    this.rooms.delete(who);
    await room?.leave();
  }

  /** Whoever has to wait for an answer does so while other things happen. */
  do(act: Act): void {
    const { server, clients } = this.world;
    if (act.what === 'restart') {
      server.restart();
      for (const client of clients) client.serverStarted();
      return;
    }
    const [client, other] = [this.clients[act.who], 'other' in act && this.clients[act.other]];
    if (client === undefined) return;
    if (act.what === 'join') void this.join(act.who).catch(() => {});
    else if (act.what === 'leave') void this.leave(act.who);
    else if (act.what === 'loseServer') client.loseServer();
    else if (act.what === 'regainServer') client.regainServer();
    else if (other && other !== client) {
      if (act.what === 'cut') client.cutLink(other);
      else client.mendLink(other);
    }
  }

  /** Everything works again, and everybody is told to be in the room. */
  async heal(): Promise<void> {
    for (const client of this.clients) {
      client.regainServer();
      for (const other of this.clients) if (other !== client) client.mendLink(other);
    }
    await this.world.time.advance(HEALING_MS);
    const joining = Promise.all(PEOPLE.map((who) => this.join(who)));
    await this.world.time.advance(HEALING_MS);
    await joining;
  }
}

describe('a room under joins, leaves, outages, and signals that are lost, late, twice or out of order', () => {
  it('three people end up seeing each other, once each, connected', async () => {
    const property = fc.asyncProperty(PLAN, async (plan) => {
      const company = new Company(plan);
      for (const { act, afterMs } of plan.acts) {
        company.do(act);
        await company.world.time.advance(afterMs);
      }
      await company.heal();
      for (const who of PEOPLE) {
        const peers = company.rooms.get(who)?.snapshot.peers ?? [];
        const seen = peers.map(
          ({ name, snapshot, link }) => `${name} ${snapshot.state} ${link.snapshot.state}`,
        );
        const others = PEOPLE.filter((other) => other !== who);
        expect(seen.toSorted()).toEqual(others.map((other) => `${other} connected connected`));
      }
      await Promise.all(PEOPLE.map((who) => company.leave(who)));
      expect(company.world.network.openConnections).toBe(0);
    });
    await fc.assert(property, { numRuns: 6 });
  }, 60_000);
});
