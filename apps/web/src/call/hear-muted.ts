/**
 * Listens whether somebody talks while they are muted. A copy of the track stays in this page: it is
 * measured, and goes nowhere. Fetched when somebody mutes for the first time.
 * @module
 */

/** How often is measured, and how loud a voice is at least: root mean square of samples up to 1. */
const INTERVAL_MS = 150;
const VOICE = 0.02;
/** A door is loud once; a voice is loud several times in two seconds. */
const NEEDED = 3;
const REMEMBERED = 14;
/** 170 ms of sound at 48 kHz: nothing between two measurements is missed. */
const WINDOW_SAMPLES = 8192;

/** Calls `onVoice` while there is a voice, until it is undone. */
export function hearMuted(track: MediaStreamTrack, onVoice: () => void): () => void {
  const copy = track.clone();
  copy.enabled = true;
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: WINDOW_SAMPLES });
  const input = new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([copy]) });
  input.connect(analyser);
  const samples = new Float32Array(WINDOW_SAMPLES);
  let loud: readonly boolean[] = [];
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    loud = [...loud, Math.sqrt(power) > VOICE].slice(-REMEMBERED);
    if (loud.filter(Boolean).length >= NEEDED) onVoice();
  }, INTERVAL_MS);
  return () => {
    clearInterval(timer);
    copy.stop();
    void context.close();
  };
}
