/**
 * Two notes, made here. Fetched when somebody tests the speaker.
 * @module
 */

/** Hertz: a fourth upwards, as friendly doorbells do. */
const NOTES = [587, 784];
const NOTE_S = 0.28;
const LOUDNESS = 0.2;

/** Plays the notes once. Call it from a click. */
export function playNotes(): void {
  const context = new AudioContext();
  for (const [index, frequency] of NOTES.entries()) {
    const start = context.currentTime + index * NOTE_S;
    const tone = new OscillatorNode(context, { frequency });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, start + NOTE_S);
    tone.connect(gain).connect(context.destination);
    tone.start(start);
    tone.stop(start + NOTE_S);
    if (index === NOTES.length - 1) tone.addEventListener('ended', () => void context.close());
  }
}
