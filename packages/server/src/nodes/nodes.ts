/**
 * Several servers as one: each room has one of them as its home, which does everything for it as a
 * single server would, the relay included. The others pass on what the people at their sockets say.
 * See docs/ARCHITECTURE.md, "Many nodes".
 * @module
 */
import type { ByeReason, PeerId } from '@parley/protocol';
import type { AccessTokens, SpentToken } from '../access/access-tokens.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { Memberships } from '../membership/memberships.ts';
import type { SessionTokens } from '../membership/session-token.ts';
import type { RoomReport } from '../operations/room-report.ts';
import type { Session, SessionSocket } from '../session.ts';
import type { RateLimit } from '../token-bucket.ts';
import { isEdgeFrame, isHomeFrame } from './frames.ts';
import type { Frame, NewsFrame, Question } from './frames.ts';
import { Guests } from './guests.ts';
import type { NodeBus } from './node-bus.ts';
import { NeighbourDoors } from './neighbour-doors.ts';
import type { NodeId } from './node-id.ts';
import { NodeLinks } from './node-links.ts';
import { NodeSeal } from './node-seal.ts';
import { Questions } from './questions.ts';
import { RemoteSession } from './remote-session.ts';
import type { EdgeSocket } from './remote-session.ts';
import { Roster } from './roster.ts';
import { RoutedSession } from './routed-session.ts';

/** How it is with the other nodes. */
export interface NodesStatus {
  /** Those that live, this one included. */
  readonly count: number;
  /** False while Redis is out of reach. */
  readonly isConnected: boolean;
}

/** What is known before there is a server. */
export interface NodesOptions {
  readonly self: NodeId;
  readonly bus: NodeBus;
  /** The first one seals what nodes say to each other, all are understood. */
  readonly secrets: readonly string[];
  readonly tokens: Pick<SessionTokens, 'read'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What a client may send before it is cut off unheard. */
  readonly rateLimit: RateLimit;
}

/** The server of this node. */
export interface NodeServer {
  readonly memberships: Memberships;
  readonly access: AccessTokens | undefined;
  readonly newSession: (socket: SessionSocket, address: string) => Session;
  /** Those whose home is this node. */
  readonly reportRooms: () => readonly RoomReport[];
  readonly remove: (peer: PeerId) => boolean;
}

type EndFrame = Extract<NewsFrame, { is: 'gone' | 'spent' }>;

/** A client that looks elsewhere gives the news of a change the time to get around. */
const ELSEWHERE_MS = 250;

/** See the module comment. Its owner must `close` it. */
export class Nodes {
  /** Closed doors of all nodes. */
  readonly doors: NeighbourDoors;
  readonly #options: NodesOptions;
  readonly #links: NodeLinks;
  readonly #roster: Roster;
  readonly #questions: Questions;
  readonly #sessions = new Set<RoutedSession>();
  /** Sessions at other nodes by our number. */
  readonly #remotes = new Map<number, RemoteSession>();
  #server: NodeServer | undefined;
  #guests: Guests | undefined;
  #opened = 0;
  /** What we were told before there was a server. */
  readonly #early: EndFrame[] = [];

  private constructor(options: NodesOptions) {
    const { self, bus, secrets, clock, logger } = options;
    const seal = new NodeSeal(secrets);
    this.#options = options;
    this.#links = new NodeLinks({
      self,
      bus,
      seal,
      receive: (frame, from) => this.#receive(frame, from),
      onReset: (node) => {
        this.#lose(node);
        this.#brief(node);
      },
    });
    this.#roster = new Roster({
      self,
      bus,
      seal,
      clock,
      logger,
      onMoved: () => this.#move(),
      onThere: (node, isFirst) => this.#meet(node, isFirst),
      onGone: (node) => this.#bury(node),
      onBeat: (nodes) => this.#links.mend(nodes),
    });
    this.doors = new NeighbourDoors({
      self,
      roster: this.#roster,
      clock,
      tell: (news) => this.#tellAll({ is: 'door', news }),
    });
    this.#questions = new Questions({
      clock,
      others: () => this.#roster.others,
      ask: (to, question, id) => this.#links.send(to, { is: 'ask', question, id }),
    });
  }

  /**
   * Looks around, without being the home of anything yet.
   * @throws {ParleyError} `ERR_NODE_SECRET`
   */
  static async meet(options: NodesOptions): Promise<Nodes> {
    const nodes = new Nodes(options);
    try {
      await nodes.#roster.start();
      return nodes;
    } catch (error) {
      await nodes.close();
      throw error;
    }
  }

  /** The name of this node. */
  get self(): NodeId {
    return this.#options.self;
  }

  get status(): NodesStatus {
    return { count: this.#roster.count, isConnected: this.#roster.isConnected };
  }

  /** Whether we would know what happened at other nodes in the last `ms`. */
  hasHeardAllFor(ms: number): boolean {
    return this.#roster.hasHeardAllFor(ms);
  }

  /** From now on rooms may have their home here. */
  async begin(server: NodeServer): Promise<void> {
    const { self, tokens } = this.#options;
    this.#server = server;
    this.#guests = new Guests({
      isOurs: (room) => this.#roster.homeOf(room) === self,
      tokens,
      newSession: server.newSession,
      say: (to, frame) => this.#links.send(to, frame),
    });
    for (const news of this.#early.splice(0)) this.#note(news);
    await this.#roster.present('here');
  }

  /** Sends what one of our sockets says to whoever it concerns. */
  route(local: Session, socket: EdgeSocket, address: string): RoutedSession {
    const { self, tokens, clock, rateLimit } = this.#options;
    const session = new RoutedSession({
      self,
      local,
      roster: this.#roster,
      tokens,
      rateLimit,
      clock,
      openAt: (home) => this.#openAt(home, socket, address),
      cut: () => socket.cut(),
      onClose: () => this.#sessions.delete(session),
    });
    this.#sessions.add(session);
    return session;
  }

  /** A closing page says goodbye with its session. False when that is not ours, or has ended. */
  leaveWith(token: string): boolean {
    const { self, tokens } = this.#options;
    const claims = tokens.read(token);
    if (!claims.ok) return false;
    const home = this.#roster.homeOf(claims.room);
    if (home === self) return this.#server?.memberships.leaveWith(token) ?? false;
    this.#links.send(home, { is: 'leave', token });
    return true;
  }

  /** Somebody is gone for good: no other node lets them back in. */
  tellGone(peer: PeerId, reason: ByeReason): void {
    this.#tellAll({ is: 'gone', peer, reason });
  }

  /** An access token is good for nothing any more. */
  tellSpent({ tokenKey, endsAtSeconds }: SpentToken): void {
    this.#tellAll({ is: 'spent', tokenKey, endsAtSeconds });
  }

  /** The rooms of all nodes. */
  async reportRooms(): Promise<readonly RoomReport[]> {
    const answers = await this.#questions.ask({ about: 'rooms' });
    const ours = this.#server?.reportRooms() ?? [];
    return [...ours, ...answers.flatMap((answer) => (isReport(answer) ? answer : []))];
  }

  /** Sends a person out, wherever they are. */
  async remove(peer: PeerId): Promise<boolean> {
    if (this.#server?.remove(peer) === true) return true;
    const answers = await this.#questions.ask({ about: 'remove', peer });
    return answers.includes(true);
  }

  /** The server is about to stop: its people go to other nodes, if there are any. */
  async retire(): Promise<void> {
    if (this.#roster.others.length === 0) return;
    await this.#roster.present('away');
    for (const session of this.#sessions) session.cut();
  }

  /** Whether clients had better ask another node. */
  get isRetired(): boolean {
    return this.#roster.isRetired && this.#roster.others.length > 0;
  }

  /** Says goodbye. Idempotent. */
  async close(): Promise<void> {
    this.#roster.close();
    this.doors.close();
    await this.#roster.present('gone');
    this.#options.bus.close();
  }

  #openAt(home: NodeId, socket: EdgeSocket, address: string): RemoteSession {
    const { clock } = this.#options;
    this.#opened += 1;
    const session = this.#opened;
    const remote = new RemoteSession({
      session,
      address,
      socket,
      say: (frame) => {
        if (frame.is === 'close') this.#remotes.delete(session);
        this.#links.send(home, frame);
      },
      onElsewhere: () => void clock.setTimeout(() => socket.cut(), ELSEWHERE_MS),
    });
    this.#remotes.set(session, remote);
    return remote;
  }

  #tellAll(frame: Frame): void {
    for (const node of this.#roster.others) this.#links.send(node, frame);
  }

  #receive(frame: Frame, from: NodeId): void {
    if (isEdgeFrame(frame)) this.#guests?.hear(frame, from);
    else if (isHomeFrame(frame)) this.#remotes.get(frame.session)?.hear(frame);
    else this.#hearNews(frame, from);
  }

  #hearNews(frame: NewsFrame, from: NodeId): void {
    switch (frame.is) {
      case 'gone':
      case 'spent':
        return this.#note(frame);
      case 'door':
        return this.doors.hear(frame.news, from);
      case 'doors':
        return this.doors.hearAll(frame.doors, from);
      case 'leave':
        return void this.#server?.memberships.leaveWith(frame.token);
      case 'ask':
        return this.#links.send(from, {
          is: 'tell',
          id: frame.id,
          answer: this.#answer(frame.question),
        });
      case 'tell':
        return this.#questions.hear(frame.id, frame.answer, from);
    }
  }

  /** What has ended elsewhere has ended here, too. */
  #note(frame: EndFrame): void {
    const server = this.#server;
    if (server === undefined) this.#early.push(frame);
    else if (frame.is === 'gone') server.memberships.noteGone(frame.peer, frame.reason);
    else server.access?.noteSpent(frame);
  }

  #answer(question: Question): unknown {
    switch (question.about) {
      case 'rooms':
        return this.#server?.reportRooms();
      case 'remove':
        return this.#server?.remove(question.peer);
    }
  }

  #meet(node: NodeId, isFirst: boolean): void {
    this.#options.logger.info('a node is there', { node });
    if (isFirst) this.#brief(node);
    else this.#links.renew(node);
  }

  /** Tells what a node has to know that has just come, or may have missed something. */
  #brief(node: NodeId): void {
    this.#links.send(node, { is: 'doors', doors: this.doors.ours });
    for (const peer of this.#server?.memberships.removed ?? []) {
      this.#links.send(node, { is: 'gone', peer, reason: 'removed' });
    }
    for (const spent of this.#server?.access?.spent() ?? []) {
      this.#links.send(node, { is: 'spent', ...spent });
    }
  }

  #bury(node: NodeId): void {
    this.#links.break(node);
    this.#lose(node);
  }

  #lose(node: NodeId): void {
    this.#guests?.lose(node);
    for (const session of this.#sessions) session.lose(node);
  }

  #move(): void {
    const { self } = this.#options;
    this.#server?.memberships.handOver((room) => this.#roster.homeOf(room) === self);
    this.doors.moved();
    for (const session of this.#sessions) session.check();
  }
}

function isReport(answer: unknown): answer is readonly RoomReport[] {
  return Array.isArray(answer);
}
