/**
 * Perfect negotiation: either side may offer at any moment, and both end up with the same session.
 * The polite side takes its own offer back when two offers cross, the other one goes on with its own.
 *
 * All work on one connection runs in one queue. What the W3C example guards with `makingOffer` and
 * `isSettingRemoteAnswerPending` cannot be seen half done here, so that `signalingState` alone
 * tells whether two offers have crossed.
 * @see https://www.w3.org/TR/webrtc/#perfect-negotiation-example
 * @module
 */
import type { Payload, RelayedEvent } from '@parley/protocol';
import type { Logger } from '../logger.ts';
import { SerialQueue } from '../serial-queue.ts';
import { CandidateQueue } from './candidate-queue.ts';
import type { CandidateConnection } from './candidate-queue.ts';
import type { MediaState } from './media-state.ts';
import { encodeCandidate, encodeCandidates, encodeDescription } from './signal.ts';
import type { CandidateSignal, DescriptionSignal, PeerSignal, ScreenMids } from './signal.ts';

/** The part of an RTCPeerConnection that negotiation needs. */
export type NegotiationConnection = CandidateConnection &
  Pick<
    RTCPeerConnection,
    | 'signalingState'
    | 'localDescription'
    | 'setLocalDescription'
    | 'setRemoteDescription'
    | 'restartIce'
  >;

/** What a negotiation works with. */
export interface NegotiationOptions {
  readonly connection: NegotiationConnection;
  /**
   * Takes its own offer back when two offers cross. Exactly one side of a pair is polite. Read each
   * time: an offer may be made before its peer is known.
   */
  readonly polite: boolean;
  /** Which connection of the pair this is; signals of others are dropped. */
  readonly epoch: number;
  /** Changes a remote description before the browser takes it. @default as it is */
  readonly tune?: ((sdp: string) => string) | undefined;
  readonly logger: Logger;
  /** Own devices, to travel in each description. */
  readonly media: () => MediaState;
  /** The m-lines of our screen in the description being sent. */
  readonly mids: () => ScreenMids;
  readonly send: (event: RelayedEvent, payload: Payload) => void;
  /** What is waited for between making a description and sending it. @default nothing */
  readonly gathered?: () => Promise<void>;
  /** A remote description is in force; in case of an offer, the answer has not been made yet. */
  readonly onRemoteDescription: (description: DescriptionSignal) => void;
}

/** Keeps one connection negotiated. Its owner must `close` it before the connection. */
export class Negotiation {
  readonly #options: NegotiationOptions;
  readonly #queue: SerialQueue;
  readonly #candidates: CandidateQueue;
  #ownOffer = 0;
  #remoteOffer = 0;
  /** The last offer of the other side was ignored; so are its candidates. */
  #ignoring = false;

  constructor(options: NegotiationOptions) {
    this.#options = options;
    this.#queue = new SerialQueue((error) =>
      options.logger.warn('negotiation step failed', { error }),
    );
    this.#candidates = new CandidateQueue(options.connection, (error) =>
      options.logger.debug('candidate refused', { error }),
    );
  }

  /** Makes an offer as soon as nothing else is under way. */
  negotiate(): void {
    void this.#queue.add(() => this.#offer());
  }

  /** Our offer that has not been answered, with the candidates known by now. */
  get offer(): Payload | undefined {
    const isOpen = this.#options.connection.signalingState === 'have-local-offer';
    return isOpen && this.#ownOffer > 0 ? this.#describe(this.#ownOffer)?.[1] : undefined;
  }

  /** Offers another search for a path, also when an offer of ours has not been answered. */
  restart(): void {
    void this.#queue.add(async () => {
      this.#options.connection.restartIce();
      await this.#offer(true);
    });
  }

  /** Number of the newest offer of the other side. */
  get remoteOffer(): number {
    return this.#remoteOffer;
  }

  /** Takes a message of the other side. */
  receive(signal: PeerSignal): void {
    void this.#queue.add(() =>
      signal.type === 'candidate' ? this.#takeCandidate(signal) : this.#takeDescription(signal),
    );
  }

  /** Tells the other side ways to reach this one. */
  sendCandidates(candidates: readonly RTCIceCandidateInit[]): void {
    const { send, epoch } = this.#options;
    const [first] = candidates;
    if (this.#queue.closed || first === undefined) return;
    const isOne = candidates.length === 1;
    send(
      'icecandidate',
      isOne ? encodeCandidate(first, epoch) : encodeCandidates(candidates, epoch),
    );
  }

  /** Stops: nothing is sent or applied any more. */
  close(): void {
    this.#queue.close();
  }

  async #offer(isUrgent = false): Promise<void> {
    const { connection } = this.#options;
    // The browser asks again when it is stable and still needs a negotiation.
    if (connection.signalingState !== 'stable' && !isUrgent) return;
    await connection.setLocalDescription();
    await this.#options.gathered?.();
    this.#ownOffer += 1;
    this.#sendDescription(this.#ownOffer);
  }

  async #takeDescription(description: DescriptionSignal): Promise<void> {
    const { mark } = description;
    if (mark !== undefined && mark.epoch !== this.#options.epoch) {
      this.#options.logger.debug('dropped a description of another epoch', { epoch: mark.epoch });
      return;
    }
    await (description.type === 'offer'
      ? this.#takeOffer(description)
      : this.#takeAnswer(description));
  }

  async #takeOffer(offer: DescriptionSignal): Promise<void> {
    const { connection, polite, tune = asItIs, onRemoteDescription } = this.#options;
    const number = offer.mark?.offer ?? this.#remoteOffer + 1;
    if (number <= this.#remoteOffer) return; // delivered twice
    this.#remoteOffer = number;

    const crossed = connection.signalingState === 'have-local-offer';
    this.#ignoring = crossed && !polite;
    if (this.#ignoring) return;

    // Rolls our own offer back if there is one.
    await connection.setRemoteDescription({ type: 'offer', sdp: tune(offer.sdp) });
    onRemoteDescription(offer);
    await connection.setLocalDescription();
    await this.#options.gathered?.();
    this.#sendDescription(number);
    await this.#candidates.flush();
  }

  async #takeAnswer(answer: DescriptionSignal): Promise<void> {
    const { connection, tune = asItIs, onRemoteDescription } = this.#options;
    const number = answer.mark?.offer ?? this.#ownOffer;
    const expected = connection.signalingState === 'have-local-offer' && number === this.#ownOffer;
    if (!expected) return; // the offer it answers has been taken back, or answered already
    await connection.setRemoteDescription({ type: 'answer', sdp: tune(answer.sdp) });
    this.#ignoring = false;
    onRemoteDescription(answer);
    await this.#candidates.flush();
  }

  async #takeCandidate({ candidate, epoch }: CandidateSignal): Promise<void> {
    if (epoch !== undefined && epoch !== this.#options.epoch) return;
    const isNamed = typeof candidate.usernameFragment === 'string';
    if (this.#ignoring && !isNamed) return;
    await this.#candidates.add(candidate);
  }

  #sendDescription(offer: number): void {
    const described = this.#describe(offer);
    if (!this.#queue.closed && described !== undefined) this.#options.send(...described);
  }

  #describe(offer: number): readonly ['offer' | 'answer', Payload] | undefined {
    const { connection, epoch, media, mids } = this.#options;
    const description = connection.localDescription;
    if (description === null) return undefined;
    const type = description.type === 'offer' ? 'offer' : 'answer';
    const mark = { epoch, offer, media: media(), mids: mids() };
    return [type, encodeDescription(type, description.sdp, mark)];
  }
}

function asItIs(sdp: string): string {
  return sdp;
}
