/**
 * A bus between nodes of one test, in memory: letters arrive at once, and a test can take it away or
 * lose a letter.
 * @module
 */
import type { NodeBus } from '../src/nodes/node-bus.ts';
import type { NodeId } from '../src/nodes/node-id.ts';

/** See the module comment. */
export class MemoryBus {
  /** False: whatever is tried fails. */
  isThere = true;
  /** Said yes to, a letter is lost without a word. */
  loses: (letter: Buffer) => boolean = () => false;
  readonly cards: Map<NodeId, Buffer> = new Map<NodeId, Buffer>();
  readonly #boxes = new Map<NodeId, (letter: Buffer) => void>();

  /** The end of one node. */
  for(self: NodeId): NodeBus {
    return {
      beat: async (card) => {
        this.#demand();
        this.cards.set(self, card);
        return new Map(this.cards);
      },
      takeDown: async (node) => void this.cards.delete(node),
      send: async (to, letter) => {
        this.#demand();
        if (!this.loses(letter)) this.#boxes.get(to)?.(letter);
      },
      listen: (receive) => this.#boxes.set(self, receive),
      close: () => this.#boxes.delete(self),
    };
  }

  #demand(): void {
    if (!this.isThere) throw new Error('the bus is away');
  }
}
