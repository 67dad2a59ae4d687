/**
 * Closed doors of all nodes, known to each of them: when the home of a room is gone, or the room has moved, the
 * next home keeps strangers out before anybody who was inside is back. Open doors are not told: they cost nothing.
 * Rules: docs/SPEC-signaling.md, NODE-13.
 * @module
 */
import { isPeerId } from '@parley/protocol';
import type { RoomName } from '@parley/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { DoorMemory, KeptDoor } from '../door/door-memory.ts';
import { isWideOpen, packDoor, unpackDoor } from '../door/room-door.ts';
import type { DoorNews } from './frames.ts';
import type { NodeId } from './node-id.ts';
import type { Roster } from './roster.ts';

/** What doors are shared with. */
export interface NeighbourDoorsOptions {
  readonly self: NodeId;
  readonly roster: Pick<Roster, 'homeOf' | 'isConnected'>;
  readonly clock: Clock;
  /** Tells all other nodes. */
  readonly tell: (news: DoorNews) => void;
}

/** A door that another node has told us of. */
interface TheirDoor extends KeptDoor {
  readonly from: NodeId;
}

/** A room that has moved waits so long for somebody who asks for it. */
export const RECALL_MS = 30_000;

/** See the module comment. Its owner must `close` it. */
export class NeighbourDoors implements DoorMemory {
  readonly #options: NeighbourDoorsOptions;
  /** Of rooms that have their home here. */
  readonly #ours = new Map<RoomName, KeptDoor>();
  /** Of rooms that have it elsewhere, or had it. */
  readonly #theirs = new Map<RoomName, TheirDoor>();
  #tidying: Timer | undefined;

  constructor(options: NeighbourDoorsOptions) {
    this.#options = options;
  }

  /** All of ours, for a node that has just come or may have missed something. */
  get ours(): readonly DoorNews[] {
    return Array.from(this.#ours, ([room, door]) => newsOf(room, door));
  }

  /** While we are alone it is told again and again: the room goes on at another node, perhaps. */
  recall(room: RoomName): KeptDoor | undefined {
    const door = this.#theirs.get(room);
    if (this.#options.roster.isConnected) this.#theirs.delete(room);
    return door;
  }

  keep(room: RoomName, { record, holder }: KeptDoor): void {
    if (isWideOpen(record)) {
      this.#theirs.delete(room);
      return this.forget(room);
    }
    const door = { record, holder };
    this.#ours.set(room, door);
    this.#options.tell(newsOf(room, door));
  }

  forget(room: RoomName): void {
    if (this.#ours.delete(room)) this.#options.tell({ room });
  }

  /** Nobody is told: the next home may be gone as well before it has asked anybody. */
  handOver(room: RoomName): void {
    const door = this.#ours.get(room);
    if (door === undefined) return;
    this.#ours.delete(room);
    this.#theirs.set(room, { ...door, from: this.#options.self });
  }

  /** How a door at another node is now. */
  hear({ room, door, holder }: DoorNews, from: NodeId): void {
    const record = unpackDoor(door);
    if (record !== undefined) {
      this.#theirs.set(room, { record, holder: isPeerId(holder) ? holder : undefined, from });
      if (this.#options.roster.homeOf(room) !== from) this.#tidyLater();
    } else if (this.#theirs.get(room)?.from === from) {
      this.#theirs.delete(room);
    }
  }

  /** All doors at another node. */
  hearAll(doors: readonly DoorNews[], from: NodeId): void {
    for (const [room, door] of this.#theirs) if (door.from === from) this.#theirs.delete(room);
    for (const news of doors) this.hear(news, from);
  }

  /** Homes have changed. */
  moved(): void {
    if (this.#theirs.size > 0) this.#tidyLater();
  }

  /** Forgets everything, and tells nobody. Idempotent. */
  close(): void {
    if (this.#tidying !== undefined) this.#options.clock.clearTimeout(this.#tidying);
    this.#tidying = undefined;
    this.#ours.clear();
    this.#theirs.clear();
  }

  #tidyLater(): void {
    const { clock } = this.#options;
    if (this.#tidying !== undefined) clock.clearTimeout(this.#tidying);
    this.#tidying = clock.setTimeout(() => this.#tidy(), RECALL_MS);
  }

  /** Forgets doors whose room has moved, and nobody has asked for it since. */
  #tidy(): void {
    const { roster } = this.#options;
    this.#tidying = undefined;
    if (!roster.isConnected) return this.#tidyLater();
    for (const [room, { from }] of this.#theirs) {
      if (roster.homeOf(room) !== from) this.#theirs.delete(room);
    }
  }
}

function newsOf(room: RoomName, { record, holder }: KeptDoor): DoorNews {
  return { room, door: packDoor(record), holder };
}
