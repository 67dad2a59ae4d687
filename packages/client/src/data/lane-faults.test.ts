import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakePipe } from '../../test/fakes/fake-pipe.ts';
import { ACK, decodeFrame, encodeFrame, HELLO } from './frame.ts';
import type { LaneReceiver } from './incoming-stream.ts';
import { Lane } from './lane.ts';
import type { OutgoingMessage } from './outgoing-stream.ts';

const WINDOW_FRAMES = 20;
const MAX_MESSAGE_BYTES = 40_000;
const NAMES = ['chat', 'state'] as const;
type Name = (typeof NAMES)[number];
const SIDES = ['left', 'right'] as const;
type Side = (typeof SIDES)[number];

/** What happens to one end in one step. */
type ActionAtEnd =
  | { readonly do: 'send'; side: Side; name: Name; lengths: readonly number[] }
  | { readonly do: 'withdraw'; side: Side; name: Name }
  | { readonly do: 'deliver'; side: Side; count: number }
  | { readonly do: 'deliverStale'; side: Side; count: number }
  | { readonly do: 'take'; side: Side; name: Name; count: number }
  | { readonly do: 'refuse'; side: Side };
/** What happens in one step. */
type Action =
  | ActionAtEnd
  | { readonly do: 'lose' }
  | { readonly do: 'cut' }
  | { readonly do: 'renew'; first: Side; between: number };

const side = fc.constantFrom(...SIDES);
const name = fc.constantFrom(...NAMES);
const count = fc.nat(30);
const lengths = fc.array(fc.oneof(fc.nat(50), fc.nat(MAX_MESSAGE_BYTES)), {
  maxLength: 12,
  size: 'max',
});
const ACTION: fc.Arbitrary<Action> = fc.oneof(
  { arbitrary: fc.record({ do: fc.constant('send'), side, name, lengths }), weight: 4 },
  { arbitrary: fc.record({ do: fc.constant('deliver'), side, count }), weight: 8 },
  { arbitrary: fc.record({ do: fc.constant('take'), side, name, count }), weight: 4 },
  {
    arbitrary: fc.record({ do: fc.constant('renew'), first: side, between: fc.nat(5) }),
    weight: 2,
  },
  { arbitrary: fc.record({ do: fc.constant('withdraw'), side, name }), weight: 2 },
  { arbitrary: fc.record({ do: fc.constant('deliverStale'), side, count }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('refuse'), side }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constantFrom('lose', 'cut') }), weight: 1 },
);

/** One message as the test remembers it. */
interface Sent {
  readonly message: OutgoingMessage;
  readonly settled: unknown[];
  withdrawn: boolean;
}

/** One channel in one direction: what must arrive, and what is on its way. */
class Flow {
  readonly sent: Sent[] = [];
  readonly untaken: (() => void)[] = [];
  /** What went wrong. */
  readonly faults: string[] = [];
  /** Index of the message that is to arrive next. */
  next = 0;
  readonly #inFlight = new Set<number>();
  #ackedNumber = 0;

  /** A message has arrived: it must be the next one, or the one behind some that were withdrawn. */
  arrive(bytes: Uint8Array): void {
    while (this.sent[this.next]?.withdrawn && !isSame(this.sent[this.next], bytes)) this.next += 1;
    if (!isSame(this.sent[this.next], bytes)) this.faults.push(`not message ${this.next}`);
    this.next += 1;
  }

  /** The sender has put a frame on a pipe, perhaps once more. */
  depart(number: number): void {
    if (number >= this.#ackedNumber) this.#inFlight.add(number);
    if (this.#inFlight.size > WINDOW_FRAMES) this.faults.push(`${this.#inFlight.size} frames kept`);
  }

  /** The receiver has put an ack on a pipe. */
  acknowledge(number: number): void {
    this.#ackedNumber = Math.max(this.#ackedNumber, number);
    for (const key of this.#inFlight) if (key < number) this.#inFlight.delete(key);
  }

  /** To be called when everything must have arrived. */
  findFaults(): readonly string[] {
    for (const [index, { settled, withdrawn }] of this.sent.entries()) {
      if (withdrawn) continue;
      if (index >= this.next) this.faults.push(`message ${index} is missing`);
      if (settled.length !== 1 || settled[0] !== undefined) {
        this.faults.push(`message ${index} was settled with ${JSON.stringify(settled)}`);
      }
    }
    return this.faults;
  }
}

function isSame(sent: Sent | undefined, got: Uint8Array): boolean {
  return sent !== undefined && Buffer.compare(sent.message.bytes, got) === 0;
}

/** No two messages are equal. */
function numberedBytes(number: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length + 2).fill(number);
  new DataView(bytes.buffer).setUint16(0, number);
  return bytes;
}

/** One end of the connection, and what the test knows about what it sends. */
class End {
  readonly lane: Lane;
  /** What goes out from here. */
  readonly flows: Readonly<Record<Name, Flow>> = { chat: new Flow(), state: new Flow() };
  pipe = new FakePipe();
  #count = 0;

  constructor(instance: number) {
    this.lane = new Lane(instance, WINDOW_FRAMES);
  }

  hear(other: End): void {
    for (const key of NAMES) {
      const flow = other.flows[key];
      const receiver: LaneReceiver = {
        received: (message, release) => {
          flow.arrive(message.bytes);
          flow.untaken.push(release);
        },
        unheard: () => {},
      };
      this.lane.listen(key, receiver);
    }
  }

  /** The other end takes messages from here. */
  take(key: Name, most: number): number {
    const releases = this.flows[key].untaken.splice(0, most);
    for (const release of releases) release();
    return releases.length;
  }

  send(key: Name, length: number): void {
    this.#count += 1;
    const settled: unknown[] = [];
    const message: OutgoingMessage = {
      bytes: numberedBytes(this.#count, length),
      isText: false,
      settle: (error) => settled.push(error),
    };
    this.flows[key].sent.push({ message, settled, withdrawn: false });
    this.lane.send(key, message);
  }

  withdraw(key: Name): void {
    const waiting = this.flows[key].sent.find(({ settled }) => settled.length === 0);
    if (waiting === undefined) return;
    waiting.withdrawn = true;
    this.lane.withdraw(key, waiting.message);
  }
}

/** Two ends, and what passes between them. */
class Pair {
  readonly left = new End(1);
  readonly right = new End(2);
  #stale: Readonly<Record<Side, FakePipe>> | undefined;

  constructor() {
    this.left.hear(this.right);
    this.right.hear(this.left);
    this.renew('left', 0);
  }

  act(action: Action): void {
    if (action.do === 'renew') this.renew(action.first, action.between);
    else if (action.do === 'lose' || action.do === 'cut') {
      for (const key of SIDES) this[key].pipe[action.do]();
    } else this.#actAt(this[action.side], action);
  }

  #actAt(end: End, action: ActionAtEnd): void {
    switch (action.do) {
      case 'send':
        for (const length of action.lengths) end.send(action.name, length);
        break;
      case 'withdraw':
        end.withdraw(action.name);
        break;
      case 'deliver':
        end.pipe.deliver(action.count);
        break;
      case 'deliverStale':
        this.#stale?.[action.side].deliver(action.count);
        break;
      case 'take':
        end.take(action.name, action.count);
        break;
      case 'refuse':
        end.pipe.refusals += 1;
        break;
    }
  }

  /** One end gets its new pipe earlier than the other; the old ones go on delivering. */
  renew(first: Side, between: number): void {
    const second = first === 'left' ? 'right' : 'left';
    this.#stale = { left: this.left.pipe, right: this.right.pipe };
    const [left, right] = FakePipe.pair(64);
    const pipes = { left, right };
    for (const key of SIDES) {
      const other = key === 'left' ? this.right : this.left;
      pipes[key].onSent = (message) => observe(message, this[key], other);
    }
    this.#attach(first, pipes);
    pipes[first].open();
    this.#stale[first].deliver(between);
    this.#attach(second, pipes);
    pipes[first].deliver(between);
    pipes[second].open();
  }

  #attach(key: Side, pipes: Readonly<Record<Side, FakePipe>>): void {
    this[key].pipe = pipes[key];
    pipes[key].feed(this[key].lane);
  }

  /** A connection that works, and applications that take everything. */
  settle(): void {
    this.renew('left', 0);
    for (let busy = true; busy;) {
      busy = false;
      for (const { pipe } of [this.left, this.right]) {
        pipe.refusals = 0;
        pipe.drain();
        if (pipe.deliver() > 0) busy = true;
      }
      for (const key of NAMES) {
        if (this.left.take(key, Infinity) + this.right.take(key, Infinity) > 0) busy = true;
      }
    }
  }
}

/** Keeps the books about what has been put on a pipe. */
function observe(message: Uint8Array, sender: End, other: End): void {
  const frame = decodeFrame(message);
  const key = NAMES.find((known) => known === frame?.name);
  if (frame === undefined || key === undefined) return;
  if (frame.flags & ACK) other.flows[key].acknowledge(frame.number);
  else if (!(frame.flags & HELLO)) sender.flows[key].depart(frame.number);
}

describe('a reliable lane over pipes that break', () => {
  it('delivers everything exactly once and in order, whatever happens to the pipes', () => {
    fc.assert(
      fc.property(fc.array(ACTION, { maxLength: 150, size: 'max' }), (actions) => {
        const pair = new Pair();
        for (const action of actions) pair.act(action);
        pair.settle();
        const flows = [pair.left, pair.right].flatMap((end) => Object.values(end.flows));
        expect(flows.flatMap((flow) => flow.findFaults())).toEqual([]);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('survives a peer that sends anything', () => {
    const number = fc.oneof(fc.nat(10), fc.double());
    const payload = fc.uint8Array({ maxLength: 20 });
    const frame = fc.tuple(fc.nat(63), number, name, payload).map((parts) => encodeFrame(...parts));
    const message = fc.oneof(frame, fc.uint8Array({ maxLength: 40 }));
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60, size: 'max' }), (messages) => {
        const lane = new Lane(1, WINDOW_FRAMES);
        lane.listen('chat', { received: (_, release) => release(), unheard: () => {} });
        const [pipe, other] = FakePipe.pair();
        pipe.feed(lane);
        pipe.open();
        for (const hostile of messages) pipe.arrive(hostile);
        const settled: unknown[] = [];
        const bytes = Uint8Array.of(7);
        lane.send('chat', { bytes, isText: false, settle: (error) => settled.push(error) });
        expect(settled).toEqual([undefined]);
        expect(other.sent).toEqual([]);
        expect(pipe.sent.at(-1)?.at(-1)).toBe(7);
      }),
    );
  });
});
