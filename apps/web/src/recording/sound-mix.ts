/**
 * All voices of a call in one track.
 * @module
 */
import { watchSilence } from './watch-silence.ts';

/** See the module comment. Its owner must {@link SoundMix.close} it. */
export class SoundMix {
  readonly #context = new AudioContext();
  readonly #out = new MediaStreamAudioDestinationNode(this.#context);
  readonly #inputs = new Map<MediaStreamTrack, MediaStreamAudioSourceNode>();

  readonly #unwatch: () => void;

  /** `onSilent` hears whether nothing at all is mixed. */
  constructor(onSilent: (isSilent: boolean) => void) {
    // A stream in which nobody speaks has no frames, and a recorder would wait for them.
    const silence = new ConstantSourceNode(this.#context, { offset: 0 });
    silence.connect(this.#out);
    silence.start();
    void this.#context.resume();
    this.#unwatch = watchSilence(this.#context, { onChange: onSilent });
  }

  /** What is mixed. */
  get track(): MediaStreamTrack {
    const [track] = this.#out.stream.getAudioTracks();
    if (track === undefined) throw new TypeError('A mix gave no track.');
    return track;
  }

  /** Mixes these from now on. */
  use(tracks: readonly MediaStreamTrack[]): void {
    const wanted = new Set(tracks);
    for (const [track, input] of this.#inputs) {
      if (wanted.has(track)) continue;
      input.disconnect();
      this.#inputs.delete(track);
    }
    for (const track of wanted) {
      if (this.#inputs.has(track)) continue;
      const mediaStream = new MediaStream([track]);
      const input = new MediaStreamAudioSourceNode(this.#context, { mediaStream });
      input.connect(this.#out);
      this.#inputs.set(track, input);
    }
  }

  /** Ends the track. Idempotent. */
  close(): void {
    this.#unwatch();
    this.use([]);
    this.track.stop();
    void this.#context.close().catch(() => undefined);
  }
}
