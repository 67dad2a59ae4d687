/**
 * Another person of a mesh: the newest link to them, the one in use until that is connected, and what
 * outlives both.
 * @module
 */
import type { ParleyError, Payload, PeerDescription, PeerId, RelayedEvent } from '@parley/protocol';
import { PeerPipes } from '../data/peer-pipes.ts';
import { SILENCE } from '../insight/silence.ts';
import type { LevelSnapshot } from '../insight/silence.ts';
import { OnDemand } from '../insight/on-demand.ts';
import type { PeerStats, StatsOptions, StatsReader as Reader } from '../insight/peer-stats.ts';
import type { Logger } from '../logger.ts';
import type { BySource, Source, VideoSource } from '../media/source.ts';
import type { TrackSource } from '../media/track-source.ts';
import { Store } from '../observable.ts';
import type { Platform } from '../platform.ts';
import type { PrivacyErrorCode } from '../privacy/privacy-error.ts';
import type { PreferCodecs } from '../quality/codec-order.ts';
import type { ConnectionFactory } from './connection-factory.ts';
import type { ViewSize } from './control-message.ts';
import { LinkStatus } from './link-status.ts';
import type { LinkWatch } from './link-watch.ts';
import type { MediaState } from './media-state.ts';
import { PeerLink } from './peer-link.ts';
import type { LinkOwner } from './peer-link.ts';
import type { RemotePeer, RemotePeerSnapshot, RemoteSlotSnapshot } from './remote-peer.ts';
import type { OutgoingStreams } from './sections.ts';
import type { SendLimits } from './send-track.ts';
import type { PeerSignal } from './signal.ts';
import type { WarmLink } from './warm-link.ts';

/** What every peer of a room shares. */
export interface PeerContext {
  readonly platform: Pick<Platform, 'createStream' | 'now' | 'onNetworkChange' | 'setTimer'>;
  readonly connections: ConnectionFactory;
  readonly sources: BySource<TrackSource>;
  readonly outgoing: OutgoingStreams;
  /** @default the order of the browser */
  readonly preferCodecs?: PreferCodecs;
  readonly logger: Logger;
}

/** What belongs to this peer alone. */
export interface MeshPeerOptions {
  readonly peer: PeerDescription;
  readonly selfId: PeerId;
  readonly send: (event: RelayedEvent, payload: Payload) => void;
  /** The server passes messages on. */
  readonly isOnline: () => boolean;
  /** There is a reason to think that the server is out of reach without anybody having noticed. */
  readonly checkServer: () => void;
  /** Resolves when there are relay credentials that are good for some time. */
  readonly refreshIceServers: () => Promise<void>;
  /** Of the first connection. @default 1 */
  readonly epoch?: number | undefined;
  /** This peer has got the offer of this link. @default none */
  readonly warm?: WarmLink | undefined;
  /** Hears that the peer shows one of our pictures in another size. */
  readonly viewChanged?: () => void;
  /** Changes a remote description before the browser takes it. */
  readonly tune?: LinkOwner['tune'];
}

const FIRST_EPOCH = 1;
/** Candidates that may wait for the offer of their connection. */
const MAX_EARLY = 64;
const NOTHING: RemoteSlotSnapshot = { on: false, track: undefined };
/** Sizes are told in steps of so many pixels: a window being resized is not worth a message each. */
const VIEW_STEP_PIXELS = 16;
const TRACK_EVENTS = ['mute', 'unmute', 'ended'] as const;

/** A link, and the channels that outlive it. */
export interface OpenedLink {
  readonly link: PeerLink;
  readonly data: PeerPipes;
}

/** Makes a connection: the first of a pair, or the one that takes its place. */
export function openLink(
  context: PeerContext,
  owner: LinkOwner,
  epoch: number = FIRST_EPOCH,
  data: PeerPipes = new PeerPipes(),
): OpenedLink {
  const { platform, connections, sources, outgoing, preferCodecs, logger } = context;
  const link = new PeerLink({
    owner,
    connection: connections.take(),
    epoch,
    sources,
    streams: outgoing,
    preferCodecs,
    data,
    setTimer: platform.setTimer,
    logger,
  });
  return { link, data };
}

/** A remote peer and the link to it. */
export class MeshPeer extends Store<RemotePeerSnapshot> implements RemotePeer {
  readonly id: PeerId;
  readonly name: string;
  /** What the channels of the room send and receive through. */
  readonly data: PeerPipes;
  readonly link: LinkStatus = new LinkStatus();
  readonly level: OnDemand<LevelSnapshot>;
  /** How large the peer shows our pictures; of those without an entry nobody knows. */
  readonly views: Map<VideoSource, ViewSize> = new Map();
  /** Our voice goes to this peer twice. */
  isVoiceTwice = false;
  readonly #context: PeerContext;
  readonly #options: MeshPeerOptions;
  readonly #owner: LinkOwner;
  readonly #lifetime = new AbortController();
  readonly #shown = new Map<VideoSource, ViewSize>();
  readonly #limits = new Map<Source, SendLimits>();
  /** Which connection of the pair is the newest. */
  epoch: number;
  /** The newest: what negotiates. */
  #link: PeerLink;
  /** The one before, in use until the newest is connected. */
  #retired: PeerLink | undefined;
  /** Candidates of a connection whose offer has not come yet. */
  readonly #early: PeerSignal[] = [];
  #watch: LinkWatch | undefined;
  #wasConnected = false;
  #declared: MediaState | undefined;
  #hasRefused = false;
  #reader: Reader | undefined;

  constructor(context: PeerContext, options: MeshPeerOptions) {
    const { platform } = context;
    super({
      state: 'connecting',
      stream: platform.createStream(),
      camera: NOTHING,
      microphone: NOTHING,
      screen: NOTHING,
      screenSound: NOTHING,
      refusal: undefined,
    });
    this.id = options.peer.id;
    this.name = options.peer.name;
    this.#context = context;
    this.#options = options;
    this.level = new OnDemand(SILENCE, async (set, signal) => {
      const { followVoice } = await import('../insight/follow-level.ts');
      followVoice(this, { setTimer: platform.setTimer, set, signal });
    });
    this.#owner = {
      polite: options.selfId > this.id,
      send: options.send,
      shown: this.#shown,
      limits: this.#limits,
      tune: options.tune,
      hooks: {
        stateChanged: () => this.#followConnection(),
        trackReceived: (source, track) => {
          if (this.#retired === undefined) this.#addTrack(source, track);
        },
        mediaDeclared: (media) => this.#declare(media),
        viewDeclared: (source, size) => {
          this.views.set(source, size);
          options.viewChanged?.();
        },
      },
    };
    this.epoch = options.epoch ?? FIRST_EPOCH;
    const { link, data } =
      options.warm?.adopt(this.#owner) ?? openLink(context, this.#owner, this.epoch);
    this.#link = link;
    this.data = data;
    void this.#watchLink();
  }

  get connection(): RTCPeerConnection {
    return this.#inUse.connection;
  }

  get #inUse(): PeerLink {
    return this.#retired ?? this.#link;
  }

  /** Our connection to an SDK peer is there, whatever the server says. */
  get isReached(): boolean {
    return this.snapshot.state === 'connected' && this.#declared !== undefined;
  }

  async stats(options?: StatsOptions): Promise<PeerStats> {
    const { StatsReader } = await import('../insight/peer-stats.ts');
    this.#reader ??= new StatsReader(this.#context.platform.setTimer);
    return this.#reader.read(this, options);
  }

  /** Calls this peer: the offer goes out from here, and again where nobody knows what became of it. */
  open(): void {
    this.#link.open();
  }

  /** Takes a message that this peer sent. */
  receive(signal: PeerSignal): void {
    this.update({ refusal: undefined });
    const epoch = (signal.type === 'candidate' ? signal.epoch : signal.mark?.epoch) ?? this.epoch;
    if (epoch > this.epoch && signal.type !== 'offer') {
      if (this.#early.length < MAX_EARLY) this.#early.push(signal);
      return;
    }
    if (epoch > this.epoch) {
      this.#rebuild(epoch);
      this.#watch?.followed('rebuild');
    } else if (signal.type === 'offer') this.#watch?.followed('restart');
    this.#link.receive(signal);
  }

  /** The network of this page has changed for certain. */
  hintNetworkChange(): void {
    this.#watch?.networkChanged(true);
  }

  /** Takes note of a signal that could not be trusted; true the first time. */
  refuse(refusal: ParleyError<PrivacyErrorCode>): boolean {
    // Not a word about signals that came twice: they do when a lost connection has returned.
    if (refusal.code === 'ERR_SEAL_REPLAYED') return false;
    const isFirst = !this.#hasRefused;
    this.#hasRefused = true;
    this.update({ refusal });
    return isFirst;
  }

  async safetyCode(): Promise<string> {
    const { readSafetyCode } = await import('../privacy/safety-code.ts');
    return readSafetyCode(this.connection);
  }

  show(source: VideoSource, size: ViewSize | undefined): void {
    const [width, height] = [roundUp(size?.width), roundUp(size?.height)];
    const before = this.#shown.get(source);
    if (before?.width === width && before.height === height) return;
    this.#shown.set(source, { width, height });
    this.#link.sendViews();
  }

  /** Sends our voice twice from now on, or once again; the next description tells the browser. */
  sendTwice(isTwice: boolean): void {
    // A page without the SDK may not know what to do with another offer.
    if (isTwice === this.isVoiceTwice || this.#declared === undefined) return;
    this.isVoiceTwice = isTwice;
    this.#link.negotiate();
  }

  /** Sends no more than this of a source, on this connection and on those that replace it. */
  limit(source: Source, limits: SendLimits): Promise<void> {
    this.#limits.set(source, limits);
    return this.#link.limit(source);
  }

  /** Ends the connection. Idempotent. */
  close(): void {
    this.#lifetime.abort();
    this.#retired?.close();
    this.#link.close();
    this.link.close();
    this.data.close();
    this.update({ state: 'closed', ...this.#slots((slot) => ({ ...slot, on: false })) });
  }

  /** Loaded apart: no connection needs help in its first second. */
  async #watchLink(): Promise<void> {
    try {
      const watch = await import('./link-watch.ts');
      if (this.#lifetime.signal.aborted) return;
      const { platform, connections, logger } = this.#context;
      const { isOnline, checkServer, refreshIceServers } = this.#options;
      this.#watch = new watch.LinkWatch({
        peer: this.id,
        platform,
        setTimer: platform.setTimer,
        connections,
        link: () => this.#inUse,
        newest: () => this.#link,
        isPolite: this.#owner.polite,
        isOnline,
        checkServer,
        refreshIceServers,
        rebuild: () => {
          this.#rebuild(this.epoch + 1);
          this.#link.open();
        },
        status: this.link,
        signal: this.#lifetime.signal,
        logger,
      });
    } catch (error) {
      this.#context.logger.error('calls cannot be repaired', { error });
    }
  }

  /** Begins another connection; nobody who holds this object notices. */
  #rebuild(epoch: number): void {
    if (this.#retired === undefined && this.#wasConnected) {
      this.#retired = this.#link;
      this.#link.retire();
    } else this.#link.close();
    this.epoch = epoch;
    this.#link = openLink(this.#context, this.#owner, epoch, this.data).link;
    for (const signal of this.#early.splice(0)) this.receive(signal);
    this.#followConnection();
  }

  /** The newest connection takes the place of the one before. */
  #promote(): void {
    this.#retired?.close();
    this.#retired = undefined;
    // It counts from the beginning.
    if (this.#declared !== undefined) this.#declared = { ...this.#declared, version: -1 };
    this.#watch?.reset();
    this.#link.reportTracks();
  }

  #followConnection(): void {
    const isReplaced = this.#retired && this.#link.connection.connectionState === 'connected';
    if (isReplaced) this.#promote();
    const state = this.connection.connectionState;
    this.#context.logger.info('peer connection', { peer: this.id, state });
    this.#wasConnected ||= state === 'connected';
    const isNew = state === 'new' || state === 'connecting';
    const starting = this.#wasConnected ? 'disconnected' : 'connecting';
    this.update({ state: isNew ? starting : state });
    this.#watch?.stateChanged();
  }

  #addTrack(source: Source, track: MediaStreamTrack): void {
    const { stream, [source]: before } = this.snapshot;
    if (before.track === track) return;
    // Only SDK peers share screens, and they say themselves whether there is something to be seen.
    if (source === 'camera' || source === 'microphone') {
      if (before.track !== undefined) stream.removeTrack(before.track);
      stream.addTrack(track);
      const { signal } = this.#lifetime;
      for (const event of TRACK_EVENTS) {
        track.addEventListener(event, () => this.#refresh(), { signal });
      }
    }
    this.update({ [source]: { on: this.#isOn(source, track), track } });
  }

  #declare(media: MediaState): void {
    if (this.#declared !== undefined && media.version <= this.#declared.version) return;
    this.#declared = media;
    this.#refresh();
  }

  #refresh(): void {
    this.update(
      this.#slots((slot, source) => {
        const on = this.#isOn(source, slot.track);
        return on === slot.on ? slot : { ...slot, on };
      }),
    );
  }

  #slots(
    next: (slot: RemoteSlotSnapshot, source: Source) => RemoteSlotSnapshot,
  ): BySource<RemoteSlotSnapshot> {
    const { microphone, camera, screen, screenSound } = this.snapshot;
    return {
      microphone: next(microphone, 'microphone'),
      camera: next(camera, 'camera'),
      screen: next(screen, 'screen'),
      screenSound: next(screenSound, 'screenSound'),
    };
  }

  /** What the peer says itself counts; a page that says nothing is judged by its track. */
  #isOn(source: Source, track: MediaStreamTrack | undefined): boolean {
    if (this.#declared !== undefined) return this.#declared[source] === true;
    return track !== undefined && track.readyState === 'live' && !track.muted;
  }
}

function roundUp(pixels = 0): number {
  return Math.ceil(pixels / VIEW_STEP_PIXELS) * VIEW_STEP_PIXELS;
}
