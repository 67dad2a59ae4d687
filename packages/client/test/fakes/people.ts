/**
 * People in a room of fakes who talk over channels, and connections between them that can be replaced.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import { ChannelSet } from '../../src/data/channel-set.ts';
import { PeerData } from '../../src/data/peer-data.ts';
import { PeerPipes } from '../../src/data/peer-pipes.ts';
import { SILENT_LOGGER } from '../../src/logger.ts';
import { DataConnection } from './data-connection.ts';
import { peerId } from '../../src/testing/fake-server.ts';

/** One person. */
export class Person {
  readonly id: PeerId;
  readonly channels = new ChannelSet(SILENT_LOGGER);
  readonly peers = new Map<Person, PeerData>();

  constructor(name: string) {
    this.id = peerId(name);
  }

  /** As the room does it when somebody comes. */
  meet(other: Person): PeerPipes {
    const [data, pipes] = [new PeerData(), new PeerPipes()];
    this.peers.set(other, data);
    this.channels.addPeer(other.id, data);
    pipes.listen(data);
    return pipes;
  }

  /** As the room does it when somebody has gone. */
  part(other: Person): void {
    this.channels.removePeer(other.id);
    this.peers.get(other)?.close();
    this.peers.delete(other);
  }

  /** As the room does it when it is left. */
  leave(): void {
    this.channels.close();
    for (const data of this.peers.values()) data.close();
  }
}

/** The connection between two people, which can be replaced. */
export class Line {
  readonly #left: PeerPipes;
  readonly #right: PeerPipes;
  #ends: readonly DataConnection[] = [];

  constructor(left: Person, right: Person) {
    this.#left = left.meet(right);
    this.#right = right.meet(left);
  }

  /** A new connection; what was under way on the one before is lost. */
  connect(): void {
    for (const end of this.#ends) end.close();
    const [left, right] = DataConnection.pair();
    this.#ends = [left, right];
    this.#left.attach(left);
    this.#right.attach(right);
    left.open();
    right.open();
    this.flow();
  }

  /** Lets arrive what is under way, and the answers to it; returns how many messages there were. */
  flow(): number {
    let total = 0;
    for (;;) {
      const delivered = this.#ends.reduce((sum, end) => sum + end.deliver(), 0);
      if (delivered === 0) return total;
      total += delivered;
    }
  }
}

/** Three people who have not met yet. */
export function people(): [Person, Person, Person] {
  return [new Person('ada'), new Person('bob'), new Person('eve')];
}

/** Lets a line work until the promise settles; `between` is called after each round. */
export async function workUntil<Value>(
  line: Line,
  promise: Promise<Value>,
  between: () => void = () => {},
): Promise<Value> {
  const state = { isSettled: false };
  const settle = (): void => {
    state.isSettled = true;
  };
  promise.then(settle, settle);
  while (!state.isSettled) {
    line.flow();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    between();
  }
  return promise;
}
