/**
 * A transceiver with a sender whose calls are recorded.
 * @module
 */
import { asDom } from './dom.ts';
import { FakeTrack } from './fake-track.ts';

/** Remembers what was sent. */
export class FakeSender {
  track: MediaStreamTrack | null = null;
  streams: readonly MediaStream[] = [];
  active = true;
  parametersSet = 0;
  /** Every track it has had, in order. */
  readonly history: (MediaStreamTrack | null)[] = [];
  readonly #run: (operation: () => void) => Promise<void>;

  /** @param run runs an operation when its turn comes */
  constructor(run: (operation: () => void) => Promise<void>) {
    this.#run = run;
  }

  get dom(): RTCRtpSender {
    return asDom('sender', this);
  }

  replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    return this.#run(() => {
      this.track = track;
      this.history.push(track);
    });
  }

  setStreams(...streams: MediaStream[]): void {
    this.streams = streams;
  }

  getParameters(): { encodings: { active: boolean }[] } {
    return { encodings: [{ active: this.active }] };
  }

  setParameters({ encodings }: { encodings: { active: boolean }[] }): Promise<void> {
    this.parametersSet += 1;
    this.active = encodings[0]?.active ?? true;
    return Promise.resolve();
  }
}

/** A pair of sender and receiver. */
export class FakeTransceiver {
  readonly kind: 'audio' | 'video';
  readonly sender: FakeSender;
  readonly receiver: {
    readonly track: MediaStreamTrack;
    readonly getSynchronizationSources: () => RTCRtpSynchronizationSource[];
  };
  /** What has been heard last. */
  heard: RTCRtpSynchronizationSource[] = [];
  readonly remoteTrack: FakeTrack;
  direction: RTCRtpTransceiverDirection;
  currentDirection: RTCRtpTransceiverDirection | null = null;
  mid: string | null = null;
  /** True while only an offer of ours, not yet answered, has given it its m-line. */
  isProvisional = false;
  hasFiredTrack = false;
  readonly #onChange: () => void;

  constructor(
    kind: 'audio' | 'video',
    direction: RTCRtpTransceiverDirection,
    hooks: {
      readonly run: (operation: () => void) => Promise<void>;
      readonly onChange: () => void;
    },
  ) {
    this.kind = kind;
    this.direction = direction;
    this.sender = new FakeSender(hooks.run);
    this.remoteTrack = new FakeTrack(kind);
    this.receiver = {
      track: this.remoteTrack.dom,
      getSynchronizationSources: () => this.heard,
    };
    this.#onChange = hooks.onChange;
  }

  get dom(): RTCRtpTransceiver {
    return asDom('transceiver', this);
  }

  stop(): void {
    this.direction = 'stopped';
    this.#onChange();
  }
}
