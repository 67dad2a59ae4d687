/**
 * Measures voices: those of others where the browser has decoded them, our own one at the microphone.
 * Loaded when somebody watches a level.
 * @module
 */
import type { Observable } from '../observable.ts';
import type { SetTimer } from '../platform.ts';
import { LEVEL_INTERVAL_MS, LevelMeter } from './level.ts';
import type { LevelSnapshot } from './silence.ts';

/** What following a level needs. */
export interface FollowLevelOptions {
  readonly setTimer: SetTimer;
  readonly set: (level: LevelSnapshot) => void;
  readonly signal: AbortSignal;
}

/** Calls `tick` now and in every interval until the signal ends it. */
export function repeat(
  { setTimer, signal }: Pick<FollowLevelOptions, 'setTimer' | 'signal'>,
  intervalMs: number,
  tick: () => void,
): void {
  let cancel: (() => void) | undefined;
  const run = (): void => {
    tick();
    cancel = setTimer(run, intervalMs);
  };
  signal.addEventListener('abort', () => cancel?.());
  if (!signal.aborted) run();
}

/** Somebody else, as far as their voice is concerned. */
export interface VoiceOwner {
  readonly snapshot: {
    readonly microphone: { readonly on: boolean; readonly track: MediaStreamTrack | undefined };
  };
  readonly connection: Pick<RTCPeerConnection, 'getTransceivers'>;
}

/** Follows the voice of somebody else. */
export function followVoice(peer: VoiceOwner, options: FollowLevelOptions): void {
  const meter = new LevelMeter();
  const read = readerOf(peer);
  repeat(options, LEVEL_INTERVAL_MS, () => options.set(meter.next(read())));
}

/** Without new packets browsers go on telling the last level; so many measurements may be equal. */
const STALE_AFTER = 3;

function readerOf(peer: VoiceOwner): () => number {
  let last: number | undefined;
  let repeated = 0;
  return () => {
    const [source] = receiverOf(peer)?.getSynchronizationSources() ?? [];
    repeated = source?.rtpTimestamp === last ? repeated + 1 : 0;
    last = source?.rtpTimestamp;
    return repeated >= STALE_AFTER ? 0 : (source?.audioLevel ?? 0);
  };
}

/** Who is muted is silent, whatever the last packet said. */
function receiverOf({ snapshot, connection }: VoiceOwner): RTCRtpReceiver | undefined {
  const { on, track } = snapshot.microphone;
  const receivers = connection.getTransceivers().map(({ receiver }) => receiver);
  return on ? receivers.find((receiver) => receiver.track === track) : undefined;
}

/** 85 ms of sound at 48 kHz: little of what lies between two measurements is missed. */
const WINDOW_SAMPLES = 4096;

/** Follows our own microphone. */
export function followMicrophone(
  microphone: Observable<{ readonly stream: MediaStream | undefined }>,
  options: FollowLevelOptions,
): void {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: WINDOW_SAMPLES });
  const samples = new Float32Array(WINDOW_SAMPLES);
  const meter = new LevelMeter();
  let stream: MediaStream | undefined;
  let input: MediaStreamAudioSourceNode | undefined;
  options.signal.addEventListener('abort', () => void context.close());
  repeat(options, LEVEL_INTERVAL_MS, () => {
    const current = microphone.snapshot.stream;
    if (current !== stream) {
      input?.disconnect();
      input = current && new MediaStreamAudioSourceNode(context, { mediaStream: current });
      input?.connect(analyser);
      stream = current;
    }
    // Until the page has been touched, browsers let no sound through, not even to be measured.
    if (context.state === 'suspended') context.resume().catch(() => {});
    analyser.getFloatTimeDomainData(samples);
    options.set(meter.next(current === undefined ? 0 : rootMeanSquare(samples)));
  });
}

function rootMeanSquare(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}
