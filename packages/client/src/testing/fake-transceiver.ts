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
  encoding: RTCRtpEncodingParameters = { active: true };
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

  get active(): boolean {
    return this.encoding.active ?? true;
  }

  getParameters(): { encodings: RTCRtpEncodingParameters[] } {
    return { encodings: [{ ...this.encoding }] };
  }

  setParameters({ encodings }: { encodings: RTCRtpEncodingParameters[] }): Promise<void> {
    this.parametersSet += 1;
    this.encoding = { ...encodings[0] };
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
