/**
 * The load generator, a process of its own: does what its one argument says and prints what came out.
 * @module
 */
import { argv } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuNanoseconds, residentBytes } from '../turn/procfs.ts';
import { Client } from './client.ts';
import { bareDialect, parleyDialect, peerJsDialect, plainDialect } from './dialects.ts';

/** The ways to speak, by name. */
export const DIALECTS = {
  parley: parleyDialect,
  plain: plainDialect,
  peerjs: peerJsDialect,
  bare: bareDialect,
} as const;

/** What to do. */
export interface SignalingScenario {
  readonly kind: 'relay' | 'calls' | 'idle';
  readonly dialect: keyof typeof DIALECTS;
  readonly pid: number;
  readonly port: number;
  readonly seconds: number;
  /** Of one message, for `relay`. */
  readonly bytes: number;
}

/** What came out. */
export interface SignalingResult {
  /** Messages that arrived, calls that were set up, or connections that are open. */
  readonly count: number;
  readonly elapsedSeconds: number;
  readonly serverCpuSeconds: number;
  readonly serverBytes: number;
}

const PAIRS = 50;
/** Messages of one client that are on their way. */
const WINDOW = 4;
const WARM_UP_SECONDS = 1;
const CALLS_AT_ONCE = 20;
const OFFER_BYTES = 1500;
const CANDIDATE_BYTES = 150;
const IDLE_WARM_UP = 500;
const IDLE = 4_000;
const ENTERING_AT_ONCE = 50;
const SETTLE_MS = 4_000;

type Count = () => number;

async function measure(pid: number, seconds: number, count: Count): Promise<SignalingResult> {
  await delay(WARM_UP_SECONDS * 1000);
  const before = { count: count(), at: performance.now(), cpu: cpuNanoseconds(pid) };
  await delay(seconds * 1000);
  return {
    count: count() - before.count,
    elapsedSeconds: (performance.now() - before.at) / 1000,
    serverCpuSeconds: (cpuNanoseconds(pid) - before.cpu) / 1e9,
    serverBytes: 0,
  };
}

async function relay({ dialect, pid, port, seconds, bytes }: SignalingScenario) {
  const text = 'x'.repeat(bytes);
  const type = bytes >= OFFER_BYTES ? 'offer' : 'icecandidate';
  let received = 0;
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const left = await Client.enter(DIALECTS[dialect], port, `room-${pair}`);
    const right = await Client.enter(DIALECTS[dialect], port, `room-${pair}`);
    // Each message that arrives lets the other side send one more.
    const follow = (from: Client, to: Client): void => {
      to.onSignal = () => {
        received += 1;
        to.send({ type, text, to: from.id });
      };
    };
    follow(left, right);
    follow(right, left);
    for (let sent = 0; sent < WINDOW; sent += 1) left.send({ type, text, to: right.id });
  }
  return measure(pid, seconds, () => received);
}

async function calls({ dialect, pid, port, seconds }: SignalingScenario) {
  let done = 0;
  const run = async (lane: number): Promise<never> => {
    for (let number = 0; ; number += 1) {
      await call(dialect, port, `room-${lane}-${number}`);
      done += 1;
    }
  };
  for (let lane = 0; lane < CALLS_AT_ONCE; lane += 1) void run(lane);
  return measure(pid, seconds, () => done);
}

/** Two people connect, enter and exchange what their client library sends; both go. */
async function call(dialect: SignalingScenario['dialect'], port: number, room: string) {
  const { offersWithJoin } = DIALECTS[dialect].callStyle;
  const ada = await Client.enter(DIALECTS[dialect], port, room);
  const bob = await (offersWithJoin ? enterWithOffer : enterAndTrickle)(ada, dialect, port);
  ada.leave();
  bob.leave();
}

async function enterWithOffer(ada: Client, dialect: SignalingScenario['dialect'], port: number) {
  const text = 'x'.repeat(DIALECTS[dialect].callStyle.descriptionBytes);
  ada.onWelcome = (to) => ada.send({ type: 'answer', text, to });
  return new Promise<Client>((resolve, reject) => {
    const entry = { offer: text, onSignal: () => resolve(entering) };
    const entering = Client.enter(DIALECTS[dialect], port, ada.room, entry);
    entering.catch(reject);
  });
}

async function enterAndTrickle(ada: Client, dialect: SignalingScenario['dialect'], port: number) {
  const { candidates, descriptionBytes } = DIALECTS[dialect].callStyle;
  const bob = await Client.enter(DIALECTS[dialect], port, ada.room);
  const description = 'x'.repeat(descriptionBytes);
  const candidate = 'x'.repeat(CANDIDATE_BYTES);
  const speak = (from: Client, to: Client, type: 'offer' | 'answer'): void => {
    from.send({ type, text: description, to: to.id });
    for (let sent = 0; sent < candidates; sent += 1) {
      from.send({ type: 'icecandidate', text: candidate, to: to.id });
    }
  };
  await new Promise<void>((resolve) => {
    let missing = 2 * (1 + candidates);
    const arrived = (): void => {
      missing -= 1;
      if (missing === 0) resolve();
    };
    let isAnswered = false;
    bob.onSignal = () => {
      arrived();
      if (!isAnswered) speak(bob, ada, 'answer');
      isAnswered = true;
    };
    ada.onSignal = arrived;
    speak(ada, bob, 'offer');
  });
  return bob;
}

async function idle({ dialect, pid, port }: SignalingScenario): Promise<SignalingResult> {
  let entered = 0;
  const enter = async (many: number): Promise<void> => {
    const end = entered + many;
    const worker = async (): Promise<void> => {
      while (entered < end) {
        entered += 1;
        await Client.enter(DIALECTS[dialect], port, `room-${Math.floor(entered / 2)}`);
      }
    };
    await Promise.all(Array.from({ length: ENTERING_AT_ONCE }, worker));
    await delay(SETTLE_MS);
  };
  await enter(IDLE_WARM_UP);
  const before = residentBytes(pid);
  await enter(IDLE);
  const serverBytes = residentBytes(pid) - before;
  return { count: IDLE, elapsedSeconds: 0, serverCpuSeconds: 0, serverBytes };
}

const scenario: SignalingScenario = JSON.parse(argv[2] ?? '{}');
const result = await { relay, calls, idle }[scenario.kind](scenario);
console.log(JSON.stringify(result));
process.exit(0);
