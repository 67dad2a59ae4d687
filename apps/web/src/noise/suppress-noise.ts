/**
 * Takes noise out of a microphone with RNNoise, a small neural network that knows voices. It runs in
 * this page: model, program and sound stay here. Fetched when somebody asks for it. The licences are
 * in public/noise-licenses.txt, which travels with the app.
 * @see https://jmvalin.ca/demo/rnnoise/
 * @module
 */
import type { TrackTransform } from '@parley/client';
import { RnnoiseWorkletNode, loadRnnoise } from '@sapphi-red/web-noise-suppressor';
import url from '@sapphi-red/web-noise-suppressor/rnnoise.wasm?url';
import simdUrl from '@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url';

/** What RNNoise was trained with. */
const SAMPLE_RATE = 48_000;
/** A context that has not begun by then has no sound card, or no leave. */
const PATIENCE_MS = 2000;

/** The microphone without noise. Rejects where the browser cannot do it; nobody must become silent. */
export const suppressNoise: TrackTransform = async (device) => {
  const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
  try {
    const { default: workletUrl } =
      await import('@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js?url');
    const [wasmBinary] = await Promise.all([
      loadRnnoise({ url, simdUrl }),
      context.audioWorklet.addModule(workletUrl),
      beginning(context),
    ]);
    const mediaStream = new MediaStream([device]);
    const input = new MediaStreamAudioSourceNode(context, { mediaStream });
    const node = new RnnoiseWorkletNode(context, { maxChannels: 1, wasmBinary });
    const output = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    input.connect(node).connect(output);
    const [track] = output.stream.getAudioTracks();
    if (track === undefined) throw new TypeError('A worklet gave no track.');
    return {
      track,
      close: () => {
        node.destroy();
        track.stop();
        void context.close().catch(() => undefined);
      },
    };
  } catch (error) {
    void context.close().catch(() => undefined);
    throw error;
  }
};

async function beginning(context: AudioContext): Promise<void> {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error('The sound of this page has not begun.')), PATIENCE_MS);
  });
  await Promise.race([context.resume(), late]);
}
