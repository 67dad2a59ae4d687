/**
 * Which nodes live, seen from one of them: each puts up a card again and again, and whose card does not
 * change any more is dead. Clocks of different machines are never compared.
 * Rules: docs/SPEC-signaling.md, NODE-2 to NODE-4.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { NodeBus } from './node-bus.ts';
import type { NodeId } from './node-id.ts';
import type { NodeSeal } from './node-seal.ts';
import { chooseHome } from './rendezvous.ts';

/** Why a node cannot take part. */
export type NodeErrorCode = 'ERR_NODE_SECRET';

/** What a roster is kept with. */
export interface RosterOptions {
  readonly self: NodeId;
  readonly bus: Pick<NodeBus, 'beat' | 'takeDown'>;
  readonly seal: NodeSeal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Rooms may have other homes now. */
  readonly onMoved: () => void;
  /** A node is there, for the first time or again. */
  readonly onThere: (node: NodeId, isFirst: boolean) => void;
  /** A node is dead, or has said goodbye. */
  readonly onGone: (node: NodeId) => void;
  /** The bus worked just now. */
  readonly onBeat: (nodes: readonly NodeId[]) => void;
}

/** What a card says. `away`: alive, and no home of rooms. */
export type Presence = 'here' | 'away' | 'gone';

/** What a card says to us; `strange`: we cannot read it. */
type Seen = Presence | 'strange';

/** What we know of another node. */
interface Neighbour {
  card: Buffer;
  presence: Seen;
  /** `unsure`: not seen alive yet, or not since the bus was away. */
  life: 'unsure' | 'alive' | 'dead';
  /** Looks since the card changed. */
  unchanged: number;
  hasMet: boolean;
}

const PRESENCES: readonly Presence[] = ['here', 'away', 'gone'];
/** How often each node shows that it lives. */
const BEAT_MS = 500;
/** A card that is the same for so many looks is of a dead node: 2 s. */
const LOOKS_UNTIL_DEAD = 4;
/** ... and is taken down after a minute. */
const LOOKS_UNTIL_DOWN = 120;
/** Without the bus for so long, a node goes on by itself. */
const ALONE_AFTER_MS = 2_000;
/** A look that is later than this has not worked. */
const LATE_LOOK_MS = 2 * BEAT_MS;
/** Looks before a node begins to serve: whoever lives has been seen by then. */
const FIRST_LOOKS = 3;
/** So long after a change whoever was in a room goes before newcomers. */
const SETTLING_MS = 1_500;

/** See the module comment. Its owner must `close` it. */
export class Roster {
  readonly #options: RosterOptions;
  readonly #neighbours = new Map<NodeId, Neighbour>();
  #presence: Presence = 'away';
  #beats = 0;
  #lastBeatMs: number;
  /** Since when the bus has worked. */
  #togetherSinceMs: number;
  #isAlone = false;
  #homes: readonly NodeId[];
  #before: readonly NodeId[];
  #movedAtMs = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: RosterOptions) {
    this.#options = options;
    this.#lastBeatMs = options.clock.now();
    this.#togetherSinceMs = this.#lastBeatMs;
    this.#homes = [options.self];
    this.#before = this.#homes;
  }

  /**
   * Looks around; we are no home yet.
   * @throws {ParleyError} `ERR_NODE_SECRET` when a living node does not share our secret
   */
  async start(): Promise<void> {
    for (let look = 1; look < FIRST_LOOKS; look += 1) {
      await this.#look();
      await this.#pause();
    }
    await this.#look();
    if (this.#hasStranger()) {
      throw new ParleyError(
        'ERR_NODE_SECRET',
        'Another node at this Redis has other secrets, or another version. Give all nodes the same ' +
          'PARLEY_SESSION_SECRET, or copy the file session-secret of one data folder to the others.',
      );
    }
    this.#beatLater();
  }

  /** False while the bus is out of reach. */
  get isConnected(): boolean {
    return !this.#isAlone;
  }

  /** Whether the bus has worked for the last `ms`: what happened meanwhile at other nodes is known. */
  hasHeardAllFor(ms: number): boolean {
    const now = this.#options.clock.now();
    const works = !this.#isAlone && now - this.#lastBeatMs < LATE_LOOK_MS;
    return works && now - this.#togetherSinceMs >= ms;
  }

  /** True when we are about to go, or not here yet. */
  get isRetired(): boolean {
    return this.#presence !== 'here';
  }

  /** All nodes that live, this one included. */
  get count(): number {
    return 1 + this.others.length;
  }

  /** The other nodes that live. */
  get others(): readonly NodeId[] {
    return [...this.#neighbours].flatMap(([id, { life }]) => (life === 'alive' ? [id] : []));
  }

  /** The node that has this room, or will have it. */
  homeOf(room: string): NodeId {
    return chooseHome(room, this.#homes) ?? this.#options.self;
  }

  /** How long newcomers to this room wait for those who were inside before it moved. */
  settlingMs(room: string): number {
    const leftMs = this.#movedAtMs + SETTLING_MS - this.#options.clock.now();
    if (leftMs <= 0 || chooseHome(room, this.#before) === this.homeOf(room)) return 0;
    return leftMs;
  }

  /** Whether we can be the home of rooms. Resolves when the others can know. Never rejects. */
  async present(presence: Presence): Promise<void> {
    this.#presence = presence;
    await this.#look();
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.setTimeout(resolve, BEAT_MS);
    });
  }

  #beatLater(): void {
    if (this.#isClosed) return;
    this.#timer = this.#options.clock.setTimeout(() => {
      void this.#look().then(() => this.#beatLater());
    }, BEAT_MS);
  }

  async #look(): Promise<void> {
    const { bus, seal, self, clock } = this.#options;
    this.#beats += 1;
    const card = seal.seal(`${this.#presence} ${this.#beats}`, self);
    try {
      const cards = await bus.beat(card);
      this.#lastBeatMs = clock.now();
      this.#see(cards);
    } catch {
      if (clock.now() - this.#lastBeatMs >= ALONE_AFTER_MS) this.#goAlone();
    }
    this.#settle();
  }

  #see(cards: ReadonlyMap<NodeId, Buffer>): void {
    const { self, logger, onBeat } = this.#options;
    if (this.#isAlone) {
      logger.warn('Redis is back: joining the other nodes again');
      this.#togetherSinceMs = this.#lastBeatMs;
    }
    this.#isAlone = false;
    for (const [id, card] of cards) if (id !== self) this.#seeCard(id, card);
    for (const [id, neighbour] of this.#neighbours) this.#count(id, neighbour);
    onBeat(this.others);
  }

  #seeCard(id: NodeId, card: Buffer): void {
    const presence = this.#read(id, card);
    const known = this.#neighbours.get(id);
    if (known === undefined) {
      const fresh = { card, presence, life: 'unsure' as const, unchanged: 0, hasMet: false };
      this.#neighbours.set(id, fresh);
    } else if (!known.card.equals(card)) {
      known.card = card;
      known.presence = presence;
      known.unchanged = -1;
    }
  }

  #read(id: NodeId, card: Buffer): Seen {
    const text = this.#options.seal.open(card, id) ?? '';
    return PRESENCES.find((presence) => text.startsWith(`${presence} `)) ?? 'strange';
  }

  /** One look more at somebody. */
  #count(id: NodeId, neighbour: Neighbour): void {
    const { bus, onThere } = this.#options;
    neighbour.unchanged += 1;
    const { unchanged, life, presence, hasMet } = neighbour;
    const isDead = unchanged >= LOOKS_UNTIL_DEAD || presence === 'gone';
    if (isDead && life !== 'dead') {
      this.#bury(id, neighbour);
    } else if (
      unchanged === 0 &&
      life !== 'alive' &&
      presence !== 'gone' &&
      presence !== 'strange'
    ) {
      neighbour.life = 'alive';
      neighbour.hasMet = true;
      onThere(id, !hasMet);
    }
    if (unchanged < LOOKS_UNTIL_DOWN) return;
    this.#neighbours.delete(id);
    void bus.takeDown(id);
  }

  #bury(id: NodeId, neighbour: Neighbour): void {
    const { logger, onGone } = this.#options;
    neighbour.life = 'dead';
    if (!neighbour.hasMet) return;
    logger.warn('a node is gone: its people come to the others', { node: id });
    onGone(id);
  }

  /** Somebody alive whom we do not understand. */
  #hasStranger(): boolean {
    return [...this.#neighbours.values()].some(
      ({ presence, unchanged }) => presence === 'strange' && unchanged <= 1,
    );
  }

  #goAlone(): void {
    if (this.#isAlone) return;
    this.#isAlone = true;
    this.#options.logger.warn('Redis is away: this node goes on by itself until it is back');
    for (const neighbour of this.#neighbours.values()) {
      if (neighbour.life === 'alive') neighbour.life = 'unsure';
      neighbour.unchanged = 0;
    }
  }

  #settle(): void {
    const { self, clock, onMoved } = this.#options;
    const others = [...this.#neighbours].flatMap(([id, { life, presence }]) =>
      life === 'alive' && presence === 'here' ? [id] : [],
    );
    const homes = this.#presence === 'here' ? [self, ...others] : others;
    if (isSame(homes, this.#homes)) return;
    this.#before = this.#homes;
    this.#homes = homes;
    this.#movedAtMs = clock.now();
    onMoved();
  }
}

function isSame(some: readonly NodeId[], others: readonly NodeId[]): boolean {
  return some.length === others.length && some.every((one) => others.includes(one));
}
