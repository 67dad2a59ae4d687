import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { mintRestCredentials } from '../src/auth/rest-credentials.ts';
import type { LogFields, Logger } from '../src/engine/logger.ts';
import { ThreadedTurnServer } from '../src/thread/threaded-turn-server.ts';
import type { ThreadedTurnServerOptions } from '../src/thread/threaded-turn-server.ts';
import { PortDemultiplexer } from '../src/transport/one-port/port-demultiplexer.ts';
import { listenOnFreePort } from './listen-on-free-port.ts';
import { ThreadClient, openLink } from './thread-client.ts';
import type { LinkKind } from './thread-client.ts';
import { eventually } from './transport-eventually.ts';
import { IDENTITY_ONE } from './transport-tls-identities.ts';

const SECRET = 'a secret of this test';
const CHANNEL = 0x4000;
/** So many clients never all come to the same thread. */
const PAIRS = 16;

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface LoggedLine {
  readonly message: string;
  readonly fields: LogFields;
}

/** Two relay threads that share a port. */
async function setUp(options: ThreadedTurnServerOptions = {}) {
  const log: LoggedLine[] = [];
  const note = (message: string, fields: LogFields = {}): void => {
    log.push({ message, fields });
  };
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  const relay = new ThreadedTurnServer({ workers: 2, secrets: [SECRET], logger, ...options });
  cleanups.push(() => relay.close());
  const { port } = await relay.listen({ host: '127.0.0.1', port: 0 });
  const demultiplexer = new PortDemultiplexer({
    http: createServer(),
    tls: IDENTITY_ONE,
    onTurn: (socket, transport) => relay.handleConnection(socket, transport),
  });
  cleanups.push(() => demultiplexer.close());
  const tcpPort = await listenOnFreePort(demultiplexer.server);
  const join = async (peer: string, kind: LinkKind = 'udp', room = 'daily') => {
    const link = await openLink(kind, kind === 'udp' ? port : tcpPort);
    cleanups.push(() => link.close());
    const expiresAtSeconds = Math.trunc(Date.now() / 1000) + 600;
    const { username, credential } = mintRestCredentials({
      secret: SECRET,
      room,
      peer,
      expiresAtSeconds,
    });
    return new ThreadClient(link, { username, password: credential });
  };
  return { relay, log, join };
}

type Setup = Awaited<ReturnType<typeof setUp>>;

/** Clients of one room, each with an allocation. */
async function joinAll({ join }: Setup, kinds: readonly LinkKind[]): Promise<ThreadClient[]> {
  const clients: ThreadClient[] = [];
  for (const [index, kind] of kinds.entries()) {
    const client = await join(`p${index}`, kind);
    expect(await client.allocate()).toBe(0);
    clients.push(client);
  }
  return clients;
}

/** The clients two by two. */
function pairsOf(clients: readonly ThreadClient[]): [ThreadClient, ThreadClient][] {
  return Array.from({ length: clients.length / 2 }, (_, pair) => {
    const [a, b] = clients.slice(pair * 2);
    if (a === undefined || b === undefined) throw new TypeError('an odd number of clients');
    return [a, b];
  });
}

const TRANSPORTS: readonly [string, LinkKind, LinkKind][] = [
  ['UDP and UDP', 'udp', 'udp'],
  ['TCP and TCP', 'tcp', 'tcp'],
  ['UDP and TLS', 'udp', 'tls'],
];

describe.runIf(process.platform === 'linux').each(['hairpin', 'open'] as const)(
  'two relay threads in %s mode',
  (mode) => {
    const start = (options: ThreadedTurnServerOptions = {}): Promise<Setup> =>
      setUp({ relay: mode, relayAddresses: ['192.0.2.200'], ...options });

    it.each(TRANSPORTS)(
      'TEAM-1 let all callers of a room meet: %s',
      async (_name, kindOfA, kindOfB) => {
        const setup = await start();
        const kinds = Array.from({ length: PAIRS }, () => [kindOfA, kindOfB]).flat();
        const pairs = pairsOf(await joinAll(setup, kinds));
        const texts = Array.from({ length: 20 }, (_, index) => `packet ${index}`);
        for (const [a, b] of pairs) {
          expect([await a.bind(CHANNEL, b.relayed), await b.bind(CHANNEL, a.relayed)]).toEqual([
            0, 0,
          ]);
          // TEAM-2: at once, without waiting for anything but the answers.
          for (const text of texts) {
            a.send(CHANNEL, text);
            b.send(CHANNEL, text);
          }
        }
        for (const client of pairs.flat()) {
          await eventually(() => expect(client.received).toEqual(texts));
        }
      },
    );

    it('TEAM-2 know at once what was answered, to the one and to the other', async () => {
      const setup = await start();
      const [ada, ...others] = await joinAll(
        setup,
        Array.from({ length: PAIRS }, () => 'udp' as const),
      );
      if (ada === undefined) throw new TypeError('nobody');
      for (const [index, other] of others.entries()) {
        const channel = CHANNEL + index;
        expect(await other.bind(channel, ada.relayed)).toBe(0);
        expect(await ada.bind(channel, other.relayed)).toBe(0);
        other.send(channel, `from ${index}`);
        ada.send(channel, `to ${index}`);
      }
      const texts = others.map((_, index) => `from ${index}`);
      await eventually(() => expect([...ada.received].toSorted()).toEqual(texts.toSorted()));
      for (const [index, other] of others.entries()) {
        await eventually(() => expect(other.received).toEqual([`to ${index}`]));
      }
    });

    it('TEAM-3 forget an allocation when it ends', async () => {
      const setup = await start();
      const [ada, ...others] = await joinAll(
        setup,
        Array.from({ length: PAIRS }, () => 'udp' as const),
      );
      if (ada === undefined) throw new TypeError('nobody');
      for (const other of others) expect(await other.bind(CHANNEL, ada.relayed)).toBe(0);
      setup.relay.revoke('daily', 'p0');
      await eventually(() => {
        expect(setup.log.map(({ message }) => message)).toContain('allocation ended');
      });
      const codes: number[] = [];
      for (const other of others) codes.push(await other.bind(CHANNEL, ada.relayed));
      expect(codes).toEqual(others.map(() => 403));
    });

    it('TEAM-3 keep rooms apart', async () => {
      const setup = await start();
      const red = await setup.join('p0', 'udp', 'red');
      expect(await red.allocate()).toBe(0);
      for (let index = 0; index < PAIRS; index += 1) {
        const blue = await setup.join(`p${index}`, 'udp', 'blue');
        expect(await blue.allocate()).toBe(0);
        expect(await blue.bind(CHANNEL, red.relayed)).toBe(403);
      }
    });

    it('TEAM-4 take the nonces of each other, and count a room together', async () => {
      const setup = await start({ limits: { allocationsPerRoom: PAIRS } });
      const [first] = await joinAll(
        setup,
        Array.from({ length: PAIRS }, () => 'udp' as const),
      );
      if (first === undefined) throw new TypeError('nobody');
      const codes: number[] = [];
      for (let index = 0; index < PAIRS; index += 1) {
        const late = await setup.join(`late${index}`);
        late.useNonceOf(first);
        codes.push(await late.allocateAgain());
      }
      expect(codes).toEqual(codes.map(() => 486));
    });

    it('TEAM-5 log what the other thread sent to a client as well', async () => {
      const setup = await start();
      const pairs = pairsOf(
        await joinAll(
          setup,
          Array.from({ length: PAIRS * 2 }, () => 'udp' as const),
        ),
      );
      for (const [a, b] of pairs) {
        await a.bind(CHANNEL, b.relayed);
        await b.bind(CHANNEL, a.relayed);
        a.send(CHANNEL, 'once');
      }
      for (const [, b] of pairs) await eventually(() => expect(b.received).toEqual(['once']));
      // Totals of clients go home once a second.
      await new Promise((resolve) => {
        setTimeout(resolve, 2200);
      });
      for (const [, b] of pairs) await b.release();
      const received = (): unknown[] =>
        setup.log
          .filter(({ message }) => message === 'allocation ended')
          .map(({ fields }) => fields['packetsReceived']);
      await eventually(() => expect(received()).toEqual(pairs.map(() => 1)));
    });
  },
);

it.runIf(process.platform === 'linux')(
  'TEAM-6 a thread that replaces another one learns what is there, and the other one from it',
  async () => {
    const workerFile = fileURLToPath(new URL('thread-crashing-worker.mjs', import.meta.url));
    const setup = await setUp({ workerFile });
    const before = await joinAll(
      setup,
      Array.from({ length: PAIRS }, () => 'tcp' as const),
    );
    setup.relay.admit('crash', 'seat 1');
    const messages = (): string[] => setup.log.map(({ message }) => message);
    await eventually(() => expect(messages()).toContain('relay thread crashed'));
    setup.relay.revoke('crash', 'seat 1');
    await eventually(() => expect(messages()).toContain('relay thread replaced'));

    // TCP connections take turns between the threads: the second, the fourth... are in the one that stayed.
    const [dead, alive] = pairsOf(before)[0] ?? [];
    if (dead === undefined || alive === undefined) throw new TypeError('nobody');
    for (let index = 0; index < 4; index += 1) {
      const late = await setup.join(`late${index}`, 'tcp');
      expect(await late.allocate()).toBe(0);
      expect(await late.bind(CHANNEL, dead.relayed)).toBe(403);
      expect(await late.bind(CHANNEL, alive.relayed)).toBe(0);
      expect(await alive.bind(CHANNEL + index, late.relayed)).toBe(0);
      late.send(CHANNEL, `from ${index}`);
      alive.send(CHANNEL + index, `to ${index}`);
      await eventually(() => expect(late.received).toEqual([`to ${index}`]));
      await eventually(() => expect(alive.received.at(-1)).toBe(`from ${index}`));
    }
  },
);
