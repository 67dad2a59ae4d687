/**
 * The way in: own devices before a call, and rooms to join.
 * @module
 */
import type { Inside } from '@parley/protocol';
import { abortable, withDeadline } from './abortable.ts';
import { clientError, isKnockWaiting } from './client-error.ts';
import type { ResolvedClientOptions } from './client-options.ts';
import { loadPart } from './lazily.ts';
import { DeviceMedia } from './media/local-media.ts';
import type { LocalMedia } from './media/local-media.ts';
import { ConnectionFactory } from './peer/connection-factory.ts';
import type { LinkOwner } from './peer/peer-link.ts';
import type { OpenedLink, PeerContext } from './peer/mesh-peer.ts';
import type { OutgoingStreams } from './peer/sections.ts';
import type { Platform } from './platform.ts';
import { PLAIN_ENVELOPE } from './privacy/envelope.ts';
import type { Envelope } from './privacy/envelope.ts';
import type * as roomPart from './mesh-room.ts';
import type { GovernedQuality, MeshRoom, MeshRoomOptions } from './mesh-room.ts';
import type { PreparedRoom, PreparedRoomOptions } from './prepared-room.ts';
import type { PreferCodecs } from './quality/codec-order.ts';
import type { Room } from './room.ts';
import type { Signaling } from './signaling/signaling.ts';

/** What is known before joining. */
export interface PrepareOptions {
  /** The key of the link, if it has one. */
  readonly key?: string | undefined;
  /**
   * Told now and then who is inside, until the room is joined; `undefined` where the server does not say: the
   * room is not open to everybody, or the server cannot be reached.
   */
  readonly onInside?: (inside: Inside | undefined) => void;
  /** Gives up preparing; `prepare` then rejects with the signal's reason. Later it drops what is ready. */
  readonly signal?: AbortSignal;
}

/** How to join. */
export interface JoinOptions {
  /** Shown to the others. @default '' */
  readonly name?: string;
  /**
   * The key of the link, from {@link createLinkKey} or {@link parseLinkKey}: the server then cannot
   * read or change how the peers connect, and everybody in the room needs it. @default none
   */
  readonly key?: string | undefined;
  /** Opens a room that has one. @default none */
  readonly passcode?: string | undefined;
  /**
   * The `session` of the room before the page was reloaded: whoever held the room holds it again.
   * @default none
   */
  readonly session?: string | undefined;
  /** The room is entered by knocking, and somebody inside has to decide; `join` goes on waiting. */
  readonly onWaiting?: () => void;
  /** Gives up joining; `join` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** One page's access to a Parley server. */
export interface Client {
  /** Our own devices; usable before `join`. */
  readonly media: LocalMedia;
  /**
   * Gets everything ready that can be ready before the person presses Join; with the name of the room,
   * also a place in it and an offer that travels with the join. Nobody inside notices. Optional,
   * repeatable; the last room counts. Rejects with a ParleyError; `join` then tries by itself.
   */
  prepare(room?: string, options?: PrepareOptions): Promise<void>;
  /** Enters a room. Rejects with a ParleyError, or with the reason of `options.signal`. */
  join(room: string, options?: JoinOptions): Promise<Room>;
  /** Leaves every room and stops every device. Idempotent. */
  close(): Promise<void>;
}

/** What a client works with. */
export interface ParleyClientParts {
  readonly options: ResolvedClientOptions;
  readonly platform: Platform;
  readonly openSignaling: () => Signaling;
}

/** One call of `prepare` that goes on. */
interface Preparation extends Pick<PrepareOptions, 'signal'> {
  readonly room: string | undefined;
  readonly done: Promise<void>;
}

interface Arrival {
  readonly room: string;
  readonly key: string | undefined;
  readonly signaling: Signaling;
  readonly signal: AbortSignal;
}

type RoomIdentity = Pick<MeshRoomOptions, 'room' | 'name' | 'keys' | 'signaling' | 'warm'>;

/** What there must be before a room can be entered. */
interface Ready {
  readonly envelope: Envelope;
  readonly MeshRoom: typeof MeshRoom;
  readonly quality: GovernedQuality | undefined;
}

/** Longest wait for the server in `prepare()` and `join()`. */
const SERVER_TIMEOUT_MS = 10_000;

/** The client of one server. A connection serves one room at a time; an idle one is kept for the next. */
export class ParleyClient implements Client {
  readonly media: DeviceMedia;
  readonly #parts: ParleyClientParts;
  readonly #connections: ConnectionFactory;
  readonly #rooms = new Set<MeshRoom>();
  #idle: Signaling | undefined;
  #outgoing: OutgoingStreams | undefined;
  #preferCodecs: PreferCodecs | undefined;
  #preparing: Preparation | undefined;
  #prepared: PreparedRoom | undefined;
  #stopPageHide: (() => void) | undefined;
  #closed = false;

  constructor(parts: ParleyClientParts) {
    const { platform, options } = parts;
    this.#parts = parts;
    this.media = new DeviceMedia(platform);
    this.#connections = new ConnectionFactory(platform, options);
  }

  prepare(room?: string, options: PrepareOptions = {}): Promise<void> {
    const running = this.#preparing;
    // What another signal may end is not ours.
    if (running && running.room === room && running.signal === options.signal) return running.done;
    const done = this.#prepare(room, options).finally(() => {
      if (this.#preparing?.done === done) this.#preparing = undefined;
    });
    this.#preparing = { ...options, room, done };
    return done;
  }

  async join(name: string, options: JoinOptions = {}): Promise<Room> {
    this.#checkOpen();
    options.signal?.throwIfAborted();
    const { key, name: ownName = '', passcode, session } = options;
    const signaling = this.#takeSignaling();
    signaling.connect(); // while the code of rooms is loaded
    let room: MeshRoom | undefined;
    const enter = (): Promise<void> =>
      this.#withinTime(signaling, options.signal, async (signal) => {
        if (room === undefined) {
          const ready = await this.#getReady({ room: name, key, signaling, signal });
          const warm = this.#prepared?.take(name);
          this.#prepared = undefined;
          const keys = { ...(passcode && { passcode }), ...(session && { session }) };
          room = this.#openRoom({ room: name, name: ownName, keys, signaling, warm, ...ready });
        }
        await room.join(signal);
      });
    try {
      await enter();
    } catch (error) {
      // Everything else has closed the room.
      if (!isKnockWaiting(error)) throw error;
      const { waitAtDoor } = await loadPart(import('./door/wait-at-door.ts'));
      await waitAtDoor({ ...options, platform: this.#parts.platform, signaling, enter }).catch(
        (reason: unknown) => {
          void room?.leave();
          throw reason;
        },
      );
    }
    if (room === undefined) throw new TypeError('There is no room after a join.');
    return room;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const leaving = [...this.#rooms].map((room) => room.leave());
    this.#prepared?.close();
    this.#connections.close();
    this.#idle?.close();
    this.#idle = undefined;
    await Promise.all([...leaving, this.media.close()]);
  }

  async #prepare(room: string | undefined, options: PrepareOptions): Promise<void> {
    this.#checkOpen();
    const signaling = (this.#idle ??= this.#parts.openSignaling());
    signaling.connect(); // while code is loaded
    this.#prepared?.close();
    this.#prepared = undefined;
    await Promise.all([
      this.#withinTime(signaling, options.signal, async (signal) => {
        if (room !== undefined) return this.#hold({ ...options, room, signaling }, signal);
        const { iceServers } = await signaling.prepare({}, signal);
        return this.#connections.useIceServers(iceServers);
      }),
      openEnvelope(options.key, ''),
      loadRoom(),
      this.#loadQuality(),
      this.#connections.warm(),
    ]);
  }

  /** A call that cannot load this begins without. */
  async #loadQuality(): Promise<GovernedQuality | undefined> {
    const { quality } = this.#parts.options;
    if (quality === undefined) return undefined;
    try {
      const { preferEfficient, tuneWithin } = await import('./quality/opening-part.ts');
      this.#preferCodecs ??= preferEfficient();
      return { ...quality, tuneFor: tuneWithin(quality) };
    } catch {
      return undefined;
    }
  }

  /** Comes in a part of its own: before a call there is time for it, and without it a call begins too. */
  async #hold(
    wanted: Pick<PreparedRoomOptions, 'room' | 'signaling' | 'onInside' | 'signal'>,
    signal: AbortSignal,
  ): Promise<void> {
    const parts = Promise.all([loadPart(import('./prepared-room.ts')), loadRoom()]);
    const [{ PreparedRoom: Prepared }, { openLink }] = await abortable(parts, signal);
    const running = this.#preparing;
    const isOurs = running?.room === wanted.room && running.signal === wanted.signal;
    if (!isOurs || this.#idle !== wanted.signaling || this.#closed) return;
    const peers = this.#peerContext();
    const toOpen = (owner: LinkOwner): OpenedLink => openLink(peers, owner);
    this.#prepared = new Prepared({ ...wanted, peers, openLink: toOpen });
    await this.#prepared.hold(signal);
  }

  /** A peer connection stands ready before anybody can hear of us, and so does the envelope. */
  async #getReady({ room, key, signaling, signal }: Arrival): Promise<Ready> {
    try {
      const ready = Promise.all([
        openEnvelope(key, room),
        loadRoom(),
        this.#loadQuality(),
        this.#connections.warm(),
      ]);
      const [envelope, { MeshRoom }, quality] = await abortable(ready, signal);
      this.#checkOpen();
      return { envelope, MeshRoom, quality };
    } catch (error) {
      this.#keep(signaling);
      throw error;
    }
  }

  #peerContext(): PeerContext {
    const { platform, options } = this.#parts;
    const { camera, microphone, screen } = this.media;
    return {
      platform,
      connections: this.#connections,
      sources: { camera, microphone, ...screen.outlets },
      preferCodecs: (section) => this.#preferCodecs?.(section),
      outgoing: (this.#outgoing ??= {
        devices: platform.createStream(),
        screen: platform.createStream(),
      }),
      logger: options.logger,
    };
  }

  #openRoom({ MeshRoom, ...identity }: RoomIdentity & Ready): MeshRoom {
    const { platform, options } = this.#parts;
    const { camera, microphone, screen } = this.media;
    const { signaling } = identity;
    const room = new MeshRoom({
      ...identity,
      slots: { camera, microphone, screen },
      peers: this.#peerContext(),
      setTimer: platform.setTimer,
      logger: options.logger,
      // Closing also lets us out of a room that we gave up just before the server let us in.
      release: (isClean) => (isClean ? this.#keep(signaling) : signaling.close()),
    });
    this.#rooms.add(room);
    room.on('closed', () => this.#roomClosed(room));
    // A closed tab says goodbye at once; a timeout would leave a ghost behind for the others.
    this.#stopPageHide ??= platform.onPageHide(() => this.#leaveAll());
    return room;
  }

  #roomClosed(room: MeshRoom): void {
    this.#rooms.delete(room);
    if (this.#rooms.size > 0) return;
    this.#stopPageHide?.();
    this.#stopPageHide = undefined;
    this.#connections.close();
  }

  #leaveAll(): void {
    for (const room of this.#rooms) room.leaveAtOnce();
  }

  /** Keeps an idle connection to the server for the next room. */
  #keep(signaling: Signaling): void {
    if (this.#closed || this.#idle !== undefined || !signaling.connected) signaling.close();
    else this.#idle = signaling;
  }

  #takeSignaling(): Signaling {
    const signaling = this.#idle ?? this.#parts.openSignaling();
    this.#idle = undefined;
    return signaling;
  }

  #withinTime<Value>(
    signaling: Signaling,
    signal: AbortSignal | undefined,
    task: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    const { platform } = this.#parts;
    return withDeadline(
      {
        setTimer: platform.setTimer,
        delayMs: SERVER_TIMEOUT_MS,
        signal,
        error: () => timeoutError(signaling),
      },
      task,
    );
  }

  #checkOpen(): void {
    if (this.#closed) {
      throw clientError('ERR_CLIENT_CLOSED', 'This client has been closed. Create another one.');
    }
  }
}

/** Sealing comes in a part of its own: only who has a key needs it. */
async function openEnvelope(key: string | undefined, room: string): Promise<Envelope> {
  if (key === undefined) return PLAIN_ENVELOPE;
  const { openSealedEnvelope } = await loadPart(import('./privacy/sealed-envelope.ts'));
  return openSealedEnvelope(key, room);
}

/** Rooms come in a part of their own, while people look at themselves before they join. */
function loadRoom(): Promise<typeof roomPart> {
  return loadPart(import('./mesh-room.ts'));
}

function timeoutError({ connected, lastError }: Signaling): Error {
  return clientError(
    connected ? 'ERR_SERVER_TIMEOUT' : 'ERR_SERVER_UNREACHABLE',
    `No answer within ${SERVER_TIMEOUT_MS / 1000} seconds. Check the network and try again.`,
    connected ? undefined : lastError,
  );
}
