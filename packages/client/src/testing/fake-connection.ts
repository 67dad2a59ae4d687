/**
 * An RTCPeerConnection without a network: the signaling part of the W3C algorithms, with an operation
 * chain, implicit rollback, the negotiation-needed flag and candidates. How long each step takes is
 * up to the test.
 * @see https://www.w3.org/TR/webrtc/#rtcpeerconnection-interface
 * @module
 */
import { FakeTarget, RtcEvent } from './fake-target.ts';
import { asDom } from './dom.ts';
import { answerTo, formatSdp, haveSameLines, parseSdp, sends } from './fake-sdp.ts';
import type { FakeSdp, FakeSection } from './fake-sdp.ts';
import { FakeChannel } from './fake-channel.ts';
import { FakeTransceiver } from './fake-transceiver.ts';

/** Called before every asynchronous step; a test can hold it up. */
export type Step = (label: string) => Promise<void>;

const CANDIDATES_PER_DESCRIPTION = 2;
const TURNS_BEFORE_CANDIDATES = 10;
let lastUfrag = 0;

/** See the module comment. */
export class FakeConnection extends FakeTarget {
  signalingState: RTCSignalingState = 'stable';
  connectionState: RTCPeerConnectionState = 'new';
  iceGatheringState: RTCIceGatheringState = 'new';
  configuration: RTCConfiguration;
  readonly transceivers: FakeTransceiver[] = [];
  readonly channels: FakeChannel[] = [];
  /** Whether packets of the other side arrive at this moment. */
  reaches: () => boolean = () => true;
  /** Entries of the statistics, beside the one that counts what came. */
  stats: { readonly id: string; readonly type: string }[] = [];
  /** Candidates that were accepted. */
  readonly candidates: RTCIceCandidateInit[] = [];
  readonly #listening: (AbortSignal | undefined)[] = [];
  readonly #step: Step;
  #chain: Promise<unknown> = Promise.resolve();
  #chained = 0;
  #needed = false;
  #bytes = 0;
  #local: { type: RTCSdpType; sdp: string } | null = null;
  #remote: { type: RTCSdpType; sdp: string } | null = null;
  /** What both sides have agreed on; a rollback returns to it. */
  #agreed: { local: string; remote: string } | undefined;
  #ufrag: string | undefined;
  #gathered: readonly string[] = [];
  /** `restartIce()` was called and has not been agreed on yet. */
  #restarting = false;

  constructor(configuration: RTCConfiguration = {}, step: Step = () => Promise.resolve()) {
    super();
    this.configuration = configuration;
    this.#step = step;
  }

  get dom(): RTCPeerConnection {
    return asDom('connection', this);
  }

  /** As in browsers, it names the candidates that have been found by now. */
  get localDescription(): { type: RTCSdpType; sdp: string } | null {
    if (this.#local === null) return null;
    const lines = this.#gathered.map((candidate) => `a=${candidate}\r\n`);
    return { ...this.#local, sdp: this.#local.sdp + lines.join('') };
  }

  get remoteDescription(): { type: RTCSdpType; sdp: string } | null {
    return this.#remote;
  }

  /** Listeners that are on at this moment. */
  get listeners(): number {
    return this.#listening.filter((signal) => signal?.aborted !== true).length;
  }

  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: AddEventListenerOptions,
  ): void {
    this.#listening.push(options?.signal);
    super.addEventListener(type, listener, options);
  }

  getConfiguration(): RTCConfiguration {
    return this.configuration;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }

  addTransceiver(
    kind: 'audio' | 'video',
    init: { direction?: RTCRtpTransceiverDirection; streams?: MediaStream[] } = {},
  ): RTCRtpTransceiver {
    const transceiver = this.#createTransceiver(kind, init.direction ?? 'sendrecv');
    transceiver.sender.setStreams(...(init.streams ?? []));
    this.#updateNeeded();
    return transceiver.dom;
  }

  getTransceivers(): RTCRtpTransceiver[] {
    return this.transceivers.map((transceiver) => transceiver.dom);
  }

  createDataChannel(label: string, init: RTCDataChannelInit = {}): RTCDataChannel {
    const channel = this.createChannel(label, init);
    this.channels.push(channel);
    this.#updateNeeded();
    return channel.dom;
  }

  setLocalDescription(): Promise<void> {
    return this.#operate('setLocalDescription', () => {
      if (this.signalingState === 'have-remote-offer') this.#answer();
      else this.#offer();
    });
  }

  setRemoteDescription({ type, sdp }: RTCSessionDescriptionInit): Promise<void> {
    return this.#operate('setRemoteDescription', () => {
      if (type === 'offer') this.#takeOffer(sdp ?? '');
      else this.#takeAnswer(sdp ?? '');
    });
  }

  addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    return this.#operate('addIceCandidate', () => {
      if (this.#remote === null) throw new DOMException('too early', 'InvalidStateError');
      const { ufrag } = parseSdp(this.#remote.sdp);
      const named = candidate.usernameFragment ?? ufrag;
      if (named !== ufrag) throw new DOMException('unknown ufrag', 'OperationError');
      this.candidates.push(candidate);
      this.checkConnected();
    });
  }

  restartIce(): void {
    this.#restarting = true;
    this.#updateNeeded();
  }

  /** Bytes come between any two looks, as long as packets arrive. */
  getStats(): Promise<ReadonlyMap<string, object>> {
    this.checkConnected();
    if (this.connectionState === 'connected' && this.reaches()) this.#bytes += 1000;
    const pair = { id: 'pair', type: 'candidate-pair', timestamp: 0, bytesReceived: this.#bytes };
    return Promise.resolve(
      new Map([pair, ...this.stats].map((entry) => [entry.id, entry] as const)),
    );
  }

  close(): void {
    this.signalingState = 'closed';
    this.connectionState = 'closed';
  }

  /** Plays a change of the network. */
  setConnectionState(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  protected createChannel(label: string, init: RTCDataChannelInit): FakeChannel {
    return new FakeChannel(label, init);
  }

  /** Puts an operation at the end of the chain. After `close()` it never settles, as in browsers. */
  async #operate(label: string, operation: () => void): Promise<void> {
    this.#chained += 1;
    const turn = this.#chain;
    const done = (async (): Promise<void> => {
      await turn;
      await this.#step(label);
      if (this.signalingState === 'closed') return new Promise(() => {});
      operation();
    })();
    this.#chain = done.catch(() => {});
    try {
      await done;
    } finally {
      this.#chained -= 1;
      if (this.#chained === 0) this.#updateNeeded();
    }
  }

  #createTransceiver(
    kind: 'audio' | 'video',
    direction: RTCRtpTransceiverDirection,
  ): FakeTransceiver {
    const transceiver = new FakeTransceiver(kind, direction, {
      run: (operation) => this.#operate('replaceTrack', operation),
      onChange: () => this.#updateNeeded(),
    });
    this.transceivers.push(transceiver);
    return transceiver;
  }

  #offer(): void {
    // Another offer while one is pending has the sections of that one.
    const isPending = this.signalingState === 'have-local-offer';
    const sections = isPending
      ? [...parseSdp(this.#local?.sdp ?? '').sections]
      : [...this.#agreedSections()];
    const taken = new Set(sections.map(({ mid }) => mid));
    const nextMid = (): string => {
      let number = sections.length;
      while (taken.has(String(number))) number += 1;
      taken.add(String(number));
      return String(number);
    };
    for (const [index, section] of sections.entries()) {
      const transceiver = this.transceivers.find(({ mid }) => mid === section.mid);
      if (transceiver) sections[index] = { ...section, direction: transceiver.direction };
    }
    for (const transceiver of this.transceivers) {
      if (transceiver.mid !== null || transceiver.direction === 'stopped') continue;
      transceiver.mid = nextMid();
      transceiver.isProvisional = true;
      const { kind, mid, direction } = transceiver;
      sections.push({ kind, mid, direction });
    }
    const hasApplication = sections.some(({ kind }) => kind === 'application');
    if (this.channels.length > 0 && !hasApplication) {
      sections.push({ kind: 'application', mid: nextMid(), direction: 'sendrecv' });
    }
    if (this.#restarting) this.#ufrag = undefined;
    this.#setLocal('offer', sections);
    this.#setState('have-local-offer');
  }

  #answer(): void {
    const offer = parseSdp(this.#remote?.sdp ?? '');
    const sections = offer.sections.map((section): FakeSection => {
      const transceiver = this.transceivers.find(({ mid }) => mid === section.mid);
      if (section.kind === 'application' || transceiver === undefined) return section;
      const direction = answerTo(section.direction, transceiver.direction);
      transceiver.currentDirection = direction;
      return { kind: section.kind, mid: section.mid, direction };
    });
    const isRestart = this.#agreed && parseSdp(this.#agreed.remote).ufrag !== offer.ufrag;
    if (isRestart) this.#ufrag = undefined;
    this.#setLocal('answer', sections);
    this.#agree();
  }

  #takeOffer(sdp: string): void {
    const offer = parseSdp(sdp);
    if (this.signalingState === 'have-local-offer') this.#rollback();
    if (this.signalingState !== 'stable' && this.signalingState !== 'have-remote-offer') {
      throw new DOMException(this.signalingState, 'InvalidStateError');
    }
    this.#remote = { type: 'offer', sdp };
    this.#takeCandidates(sdp);
    this.#associate(offer);
    this.#setState('have-remote-offer');
  }

  #takeAnswer(sdp: string): void {
    if (this.signalingState !== 'have-local-offer') {
      throw new DOMException(this.signalingState, 'InvalidStateError');
    }
    const answer = parseSdp(sdp);
    const offer = parseSdp(this.#local?.sdp ?? '');
    if (!haveSameLines(offer, answer)) {
      throw new DOMException('m-lines do not match the offer', 'InvalidAccessError');
    }
    this.#remote = { type: 'answer', sdp };
    this.#takeCandidates(sdp);
    this.#restarting = false;
    this.#associate(answer);
    this.#agree();
  }

  #takeCandidates(sdp: string): void {
    for (const [, candidate = ''] of sdp.matchAll(/^a=(candidate:.*)\r$/gmu)) {
      if (this.candidates.some((known) => known.candidate === candidate)) continue;
      this.candidates.push({ candidate });
    }
  }

  /** Gives every m-line its transceiver, and fires `track` where the other side begins to send. */
  #associate({ sections }: FakeSdp): void {
    for (const { kind, mid, direction } of sections) {
      if (kind === 'application') continue;
      const known = this.transceivers.find((transceiver) => transceiver.mid === mid);
      const transceiver = known ?? this.#createTransceiver(kind, 'recvonly');
      transceiver.mid = mid;
      if (!sends(direction) || transceiver.hasFiredTrack) continue;
      transceiver.hasFiredTrack = true;
      this.dispatchEvent(new RtcEvent('track', { transceiver, streams: [] }));
    }
  }

  #rollback(): void {
    for (const transceiver of this.transceivers) {
      if (!transceiver.isProvisional) continue;
      transceiver.mid = null;
      transceiver.isProvisional = false;
    }
    this.#local = this.#agreed ? { type: 'offer', sdp: this.#agreed.local } : null;
    this.#ufrag = this.#agreed && parseSdp(this.#agreed.local).ufrag;
    this.signalingState = 'stable';
  }

  #setLocal(type: 'offer' | 'answer', sections: readonly FakeSection[]): void {
    const isNew = this.#ufrag === undefined;
    if (isNew) lastUfrag += 1;
    const ufrag = (this.#ufrag ??= `u${lastUfrag}`);
    this.#local = { type, sdp: formatSdp({ ufrag, sections }) };
    if (!isNew) return;
    this.#gathered = [];
    this.iceGatheringState = 'gathering';
    void this.#gather(ufrag);
  }

  async #gather(usernameFragment: string): Promise<void> {
    // Candidates come in tasks of their own: whoever set the description hears of that first.
    for (let turn = 0; turn < TURNS_BEFORE_CANDIDATES; turn += 1) await this.#chain;
    for (let number = 0; number <= CANDIDATES_PER_DESCRIPTION; number += 1) {
      await this.#step('gather');
      if (this.signalingState === 'closed') return;
      const init = {
        candidate: `candidate:${number} 1 udp 1 127.0.0.1 9 typ host ufrag ${usernameFragment}`,
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment,
      };
      const isLast = number === CANDIDATES_PER_DESCRIPTION;
      if (usernameFragment === this.#ufrag) this.#find(isLast ? undefined : init.candidate);
      const candidate = isLast ? null : { ...init, toJSON: () => init };
      this.dispatchEvent(new RtcEvent('icecandidate', { candidate }));
    }
  }

  #find(candidate: string | undefined): void {
    if (candidate === undefined) {
      this.iceGatheringState = 'complete';
      this.dispatchEvent(new Event('icegatheringstatechange'));
    } else this.#gathered = [...this.#gathered, candidate];
  }

  #agree(): void {
    this.#agreed = { local: this.#local?.sdp ?? '', remote: this.#remote?.sdp ?? '' };
    for (const transceiver of this.transceivers) transceiver.isProvisional = false;
    this.#setState('stable');
    this.#needed = false;
    this.#updateNeeded();
    this.checkConnected();
  }

  #agreedSections(): readonly FakeSection[] {
    return this.#agreed ? parseSdp(this.#agreed.local).sections : [];
  }

  #setState(state: RTCSignalingState): void {
    this.signalingState = state;
    this.dispatchEvent(new Event('signalingstatechange'));
  }

  /** Connects if there is a way by now; called by whoever lets time pass. */
  checkConnected(): void {
    const canConnect =
      this.signalingState === 'stable' && this.candidates.length > 0 && this.reaches();
    if (canConnect && this.connectionState === 'new') this.setConnectionState('connected');
  }

  #isNeeded(): boolean {
    if (this.#restarting) return true;
    const sections = this.#agreedSections();
    const hasApplication = sections.some(({ kind }) => kind === 'application');
    if (this.channels.length > 0 && !hasApplication) return true;
    return this.transceivers.some(({ mid, direction }) => {
      // Also when it has been stopped: both Chromium and Firefox then ask again and again.
      if (mid === null) return true;
      const agreed = sections.find((section) => section.mid === mid)?.direction;
      return direction === 'stopped' && agreed !== 'stopped';
    });
  }

  #updateNeeded(): void {
    void this.#checkNeeded();
  }

  async #checkNeeded(): Promise<void> {
    await this.#step('negotiationneeded');
    // A chain that is not empty updates again when it is, and so does the return to stable.
    if (this.#chained > 0 || this.signalingState !== 'stable') return;
    const before = this.#needed;
    this.#needed = this.#isNeeded();
    if (this.#needed && !before) this.dispatchEvent(new Event('negotiationneeded'));
  }
}
