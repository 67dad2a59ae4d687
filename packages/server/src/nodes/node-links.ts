/**
 * Frames from node to node, in order and exactly once, or else the link is said to be broken: the number
 * of each letter tells. A broken link is made afresh at both ends, and nothing of before comes after it.
 * @module
 */
import { decodeLetter } from './frames.ts';
import type { Frame, Letter } from './frames.ts';
import type { NodeBus } from './node-bus.ts';
import type { NodeId } from './node-id.ts';
import type { NodeSeal } from './node-seal.ts';

/** What links are made with. */
export interface NodeLinksOptions {
  readonly self: NodeId;
  readonly bus: Pick<NodeBus, 'send' | 'listen'>;
  readonly seal: NodeSeal;
  readonly receive: (frame: Frame, from: NodeId) => void;
  /** All that was between us and this node is over. */
  readonly onReset: (node: NodeId) => void;
}

/** What we send to one node. */
interface Outgoing {
  epoch: number;
  number: number;
  frames: Frame[];
}

/** What we have from one node. */
interface Incoming {
  epoch: number;
  number: number;
}

/** See the module comment. */
export class NodeLinks {
  readonly #options: NodeLinksOptions;
  readonly #outgoing = new Map<NodeId, Outgoing>();
  readonly #incoming = new Map<NodeId, Incoming>();
  readonly #broken = new Set<NodeId>();

  constructor(options: NodeLinksOptions) {
    this.#options = options;
    options.bus.listen((bytes) => this.#receive(bytes));
  }

  /** Goes out at the end of this turn of the event loop. Over a broken link nothing goes. */
  send(to: NodeId, frame: Frame): void {
    if (this.#broken.has(to)) return;
    const out = this.#to(to);
    out.frames.push(frame);
    if (out.frames.length === 1) queueMicrotask(() => this.#flush(to));
  }

  /** The link cannot be trusted any more: nothing goes over it until it is made afresh. */
  break(node: NodeId): void {
    this.#broken.add(node);
  }

  /** Makes the link afresh. */
  renew(node: NodeId): void {
    this.#broken.delete(node);
    this.#options.onReset(node);
    const out = this.#to(node);
    out.epoch += 1;
    out.number = 0;
    this.#post(node, out.frames.splice(0, 0));
  }

  /** Makes every link afresh that broke, for nodes that are there. */
  mend(nodes: readonly NodeId[]): void {
    for (const node of nodes) if (this.#broken.has(node)) this.renew(node);
  }

  #to(node: NodeId): Outgoing {
    const known = this.#outgoing.get(node);
    if (known !== undefined) return known;
    const out = { epoch: 1, number: 0, frames: [] };
    this.#outgoing.set(node, out);
    return out;
  }

  #flush(to: NodeId): void {
    const frames = this.#to(to).frames.splice(0);
    if (frames.length > 0 && !this.#broken.has(to)) this.#post(to, frames);
  }

  #post(to: NodeId, frames: readonly Frame[]): void {
    const { self, bus, seal } = this.#options;
    const out = this.#to(to);
    out.number += 1;
    const letter: Letter = { from: self, epoch: out.epoch, number: out.number, frames };
    const { epoch } = out;
    bus.send(to, seal.seal(JSON.stringify(letter), to)).catch(() => {
      // What has been made afresh since is not concerned.
      if (out.epoch === epoch) this.break(to);
    });
  }

  #receive(bytes: Buffer): void {
    const text = this.#options.seal.open(bytes, this.#options.self);
    const letter = text === undefined ? undefined : decodeLetter(text);
    if (letter === undefined || !this.#isNext(letter)) return;
    for (const frame of letter.frames) this.#options.receive(frame, letter.from);
  }

  /** Whether the letter is to be read. Notices what is missing before it. */
  #isNext({ from, epoch, number }: Letter): boolean {
    const known = this.#incoming.get(from) ?? { epoch: 1, number: 0 };
    const isFresh = epoch > known.epoch;
    if (epoch < known.epoch || (!isFresh && number <= known.number)) return false;
    if (isFresh) this.#options.onReset(from);
    const expected = isFresh ? 1 : known.number + 1;
    this.#incoming.set(from, { epoch, number });
    if (number !== expected) this.break(from);
    return !this.#broken.has(from);
  }
}
