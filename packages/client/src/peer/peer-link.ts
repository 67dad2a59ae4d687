/**
 * The life of one RTCPeerConnection: negotiation, sections, control channel, and the tracks of our
 * slots on its senders. A peer whose connection is rebuilt gets a new link.
 * @module
 */
import type { Payload, RelayedEvent } from '@parley/protocol';
import { abortable } from '../abortable.ts';
import type { PeerPipes } from '../data/peer-pipes.ts';
import type { Logger } from '../logger.ts';
import { SCREEN_SOURCES, SOURCES } from '../media/source.ts';
import type { BySource, Source, VideoSource } from '../media/source.ts';
import type { TrackSource } from '../media/track-source.ts';
import type { SetTimer } from '../platform.ts';
import type { PreferCodecs } from '../quality/codec-order.ts';
import { SerialQueue } from '../serial-queue.ts';
import { CandidateBatch } from './candidate-batch.ts';
import { ControlChannel } from './control-channel.ts';
import type { ControlMessage, ViewSize } from './control-message.ts';
import { whenGathered } from './gathering.ts';
import type { MediaState } from './media-state.ts';
import { Negotiation } from './negotiation.ts';
import { adoptSections, midsOf, openSection, openSections } from './sections.ts';
import type { OutgoingStreams, Sections } from './sections.ts';
import { limitSender, sendTrack } from './send-track.ts';
import type { SendLimits } from './send-track.ts';
import type { DescriptionSignal, PeerSignal } from './signal.ts';

/** What a link tells its peer. */
export interface PeerLinkHooks {
  stateChanged(): void;
  /** The other side can send on this source's section; the track is silent until it does. */
  trackReceived(source: Source, track: MediaStreamTrack): void;
  /** The other side said what its devices do. */
  mediaDeclared(media: MediaState): void;
  /** The other side said how large it shows one of our pictures. */
  viewDeclared(source: VideoSource, size: ViewSize): void;
}

/** Whom a link belongs to. Known only when it has a peer. */
export interface LinkOwner {
  readonly polite: boolean;
  readonly send: (event: RelayedEvent, payload: Payload) => void;
  readonly hooks: PeerLinkHooks;
  /** How large we show their pictures. Like the limits it outlives the link. */
  readonly shown: ReadonlyMap<VideoSource, ViewSize>;
  /** What may be sent of each source. */
  readonly limits: ReadonlyMap<Source, SendLimits>;
  /** Changes a remote description before the browser takes it. */
  readonly tune: ((sdp: string) => string) | undefined;
}

/** What a link works with. */
export interface PeerLinkOptions {
  /** The link closes it. */
  readonly connection: RTCPeerConnection;
  /** Read each time it matters: an offer may be made before its peer is known. */
  readonly owner: LinkOwner;
  readonly epoch: number;
  readonly sources: BySource<TrackSource>;
  readonly streams: OutgoingStreams;
  /** Called with each new section before it is negotiated. */
  readonly preferCodecs?: PreferCodecs | undefined;
  /** The channels to this peer; they outlive the link. */
  readonly data: Pick<PeerPipes, 'attach' | 'refuse'>;
  readonly setTimer: SetTimer;
  readonly logger: Logger;
}

/** One connection to one peer. */
export class PeerLink {
  readonly connection: RTCPeerConnection;
  readonly #options: PeerLinkOptions;
  readonly #negotiation: Negotiation;
  readonly #lifetime = new AbortController();
  readonly #received = new Set<RTCRtpTransceiver>();
  readonly #sending: SerialQueue;
  readonly #batch: CandidateBatch;
  /** A description is about to be sent; it will hold what is found meanwhile. */
  #isGathering = false;
  #sections: Sections = new Map();
  #control: ControlChannel | undefined;
  /** What runs on the other side, once it has said something. */
  #page: 'unknown' | 'sdk' | 'plain' = 'unknown';
  #media: MediaState = { camera: false, microphone: false, version: 0 };

  constructor(options: PeerLinkOptions) {
    const { connection, owner, epoch, logger, setTimer } = options;
    this.connection = connection;
    this.#options = options;
    this.#negotiation = new Negotiation({
      connection,
      get polite() {
        return owner.polite;
      },
      get tune() {
        return owner.tune;
      },
      epoch,
      logger,
      send: (...signal) => owner.send(...signal),
      media: () => this.#ownMedia(),
      gathered: () => this.#gathered(),
      mids: () => midsOf(this.#sections),
      onRemoteDescription: (description) => this.#remoteDescribed(description),
    });
    this.#batch = new CandidateBatch(setTimer, (batch) => this.#negotiation.sendCandidates(batch));
    this.#sending = new SerialQueue((error) => logger.warn('track not sent', { error }));
    this.#listen();
    this.#followSlots();
  }

  /**
   * Starts the call from this side. Where it has been started, signals may have been lost: what was
   * under way is begun again.
   */
  open(): void {
    const { connection, streams } = this.#options;
    const { signalingState, connectionState } = connection;
    if (this.#sections.size > 0) {
      const isSettled = signalingState === 'stable' && connectionState === 'connected';
      if (!isSettled) this.#negotiation.restart();
      return;
    }
    this.#useSections(openSections(connection, streams));
    this.#openChannels();
    this.#negotiation.negotiate();
  }

  /** Looks for another path; for a first one where none has been looked for. */
  restart(): void {
    if (this.#sections.size > 0) this.#negotiation.restart();
    else this.open();
  }

  /**
   * Describes this side anew, if it has ever been described: Chromium wants a negotiation as soon as
   * other ICE servers are set, of a connection that has no section yet. Then the other side is to
   * speak first.
   */
  negotiate(): void {
    if (this.#sections.size > 0) this.#negotiation.negotiate();
  }

  /** Makes the other side answer, unseen by either application; false when there is no way to. */
  probe(): boolean {
    return this.#control?.probe() === true;
  }

  /** The other side has said that it uses this SDK. */
  get isSdk(): boolean {
    return this.#page === 'sdk';
  }

  /** Number of the newest offer of the other side. */
  get remoteOffer(): number {
    return this.#negotiation.remoteOffer;
  }

  /** Our offer that has not been answered, as it would be made now. */
  get offer(): Payload | undefined {
    return this.#negotiation.offer;
  }

  /** Takes a message of the other side. */
  receive(signal: PeerSignal): void {
    this.#negotiation.receive(signal);
  }

  /** Negotiates no more; what is sent and received goes on. */
  retire(): void {
    this.#negotiation.close();
    this.#batch.close();
  }

  /** Says again how large we show their pictures. */
  sendViews(): void {
    this.#control?.sendViews();
  }

  /** Sends within the limits of this source, which have changed. Resolves when it does. */
  async limit(source: Source): Promise<void> {
    const sender = this.#sections.get(source)?.sender;
    if (sender === undefined) return;
    await this.#sending.add(() => limitSender(sender, this.#options.owner.limits.get(source)));
  }

  /** Idempotent. */
  close(): void {
    this.#lifetime.abort();
    this.retire();
    this.#sending.close();
    this.connection.close();
  }

  #listen(): void {
    const { connection, owner } = this.#options;
    const { signal } = this.#lifetime;
    connection.addEventListener('negotiationneeded', () => this.negotiate(), { signal });
    connection.addEventListener(
      'icecandidate',
      ({ candidate }) => {
        // Neither `null` nor the empty candidate at the end helps the other side.
        if (candidate !== null && candidate.candidate !== '') this.#found(candidate.toJSON());
      },
      { signal },
    );
    connection.addEventListener('connectionstatechange', () => owner.hooks.stateChanged(), {
      signal,
    });
    connection.addEventListener(
      'track',
      ({ transceiver }) => {
        this.#received.add(transceiver);
        this.reportTracks();
      },
      { signal },
    );
  }

  #found(candidate: RTCIceCandidateInit): void {
    if (this.#isGathering) return;
    if (this.isSdk) this.#batch.add(candidate);
    else this.#negotiation.sendCandidates([candidate]);
  }

  async #gathered(): Promise<void> {
    this.#isGathering = true;
    await whenGathered(this.connection, this.#options.setTimer, this.#lifetime.signal);
    this.#isGathering = false;
  }

  #followSlots(): void {
    const { sources } = this.#options;
    const undo = SOURCES.flatMap((source) => [
      sources[source].attach(() => this.#trackChanged(source)),
      sources[source].subscribe(() => this.#declareMedia()),
    ]);
    this.#lifetime.signal.addEventListener('abort', () => {
      for (const end of undo) end();
    });
  }

  #remoteDescribed({ type, sdp, mark }: DescriptionSignal): void {
    const { connection, streams, data, owner } = this.#options;
    // Only an SDK peer has our channels; with others their ids may belong to channels of theirs.
    const hasChannels = mark !== undefined && /^m=application /mu.test(sdp);
    if (!hasChannels) data.refuse();
    if (type === 'offer') {
      if (hasChannels) this.#openChannels();
      this.#useSections(adoptSections(connection, streams, this.#sections, mark?.mids ?? {}));
    }
    this.#page = mark === undefined ? 'plain' : 'sdk';
    this.#showScreen();
    if (mark?.media !== undefined) owner.hooks.mediaDeclared(mark.media);
  }

  #useSections(sections: Sections): void {
    const before = this.#sections;
    this.#sections = sections;
    for (const [source, section] of sections) {
      const old = before.get(source);
      if (old === section) continue;
      this.#options.preferCodecs?.(section);
      if (old !== undefined) void this.#send(source, old.sender, null);
      void this.#sendTrack(source);
    }
    this.reportTracks();
  }

  #openChannels(): void {
    if (this.#control !== undefined) return;
    const { connection, data, owner } = this.#options;
    this.#control = new ControlChannel({
      connection,
      media: () => this.#ownMedia(),
      shown: () => owner.shown,
      onMessage: (message) => this.#hear(message),
      signal: this.#lifetime.signal,
    });
    data.attach(connection);
  }

  #hear(message: ControlMessage): void {
    const { hooks } = this.#options.owner;
    switch (message.type) {
      case 'media':
        hooks.mediaDeclared(message);
        break;
      case 'view':
        hooks.viewDeclared(message.source, message);
        break;
    }
  }

  /** Tells of all tracks that the other side can send on. */
  reportTracks(): void {
    for (const [source, section] of this.#sections) {
      if (this.#received.has(section)) {
        this.#options.owner.hooks.trackReceived(source, section.receiver.track);
      }
    }
  }

  async #trackChanged(source: Source): Promise<void> {
    // A page without this SDK has one place for pictures: the screen takes it from the camera.
    const place = this.#page === 'plain' && source === 'screen' ? 'camera' : source;
    if (this.#sections.has(place)) await this.#sendTrack(place);
    else this.#showScreen();
  }

  /** Makes a place for what is shared; the browser then asks for a negotiation. */
  #showScreen(): void {
    const { connection, sources, streams } = this.#options;
    const shared = SCREEN_SOURCES.filter((source) => sources[source].snapshot.track !== undefined);
    if (shared.length === 0) return;
    if (this.#page === 'plain') void this.#sendTrack('camera');
    if (this.#page !== 'sdk') return;
    const missing = shared.filter((source) => !this.#sections.has(source));
    const added = missing.map(
      (source) => [source, openSection(connection, source, streams)] as const,
    );
    if (added.length > 0) this.#useSections(new Map([...this.#sections, ...added]));
  }

  async #sendTrack(source: Source): Promise<void> {
    const section = this.#sections.get(source);
    if (section !== undefined) await this.#send(source, section.sender, this.#trackOf(source));
  }

  #trackOf(source: Source): MediaStreamTrack | null {
    const { sources } = this.#options;
    const shared = this.#page === 'plain' && source === 'camera' ? sources.screen : undefined;
    return shared?.snapshot.track ?? sources[source].snapshot.track ?? null;
  }

  async #send(source: Source, sender: RTCRtpSender, track: MediaStreamTrack | null): Promise<void> {
    const { owner } = this.#options;
    const sent = this.#sending.add(() => sendTrack(sender, track, owner.limits.get(source)));
    // Browsers never settle what was under way when the connection closed; the slot must go on.
    await abortable(sent, this.#lifetime.signal).catch(() => {});
  }

  #declareMedia(): void {
    const before = this.#media;
    if (this.#ownMedia() !== before) this.#control?.sendMedia();
  }

  #ownMedia(): MediaState {
    const { camera, microphone, screen, screenSound } = this.#options.sources;
    const before = this.#media;
    const next: MediaState = {
      camera: isHeard(camera),
      microphone: isHeard(microphone),
      ...(isHeard(screen) && { screen: true }),
      ...(isHeard(screenSound) && { screenSound: true }),
      version: before.version + 1,
    };
    if (SOURCES.some((source) => next[source] !== before[source])) this.#media = next;
    return this.#media;
  }
}

/** Whether the others see or hear something of this source. */
function isHeard({ snapshot: { track, muted } }: TrackSource): boolean {
  return track !== undefined && !muted;
}
