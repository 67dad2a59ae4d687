/**
 * Notices that nothing is mixed. Firefox mixes no sound where it finds nothing to play sound with, and says nothing of it.
 * @module
 */

/** What mixes, as far as it is needed. */
export type Mixer = Pick<AudioContext, 'addEventListener' | 'removeEventListener' | 'state'>;

/** Who hears of it. */
export interface WatchSilenceOptions {
  readonly onChange: (isSilent: boolean) => void;
  /** Calls `run` once, later; the returned function cancels that. */
  readonly setTimer?: (run: () => void, ms: number) => () => void;
}

/** A mixer that can begin has begun by then. */
export const PATIENCE_MS = 2000;

/** Tells whether `mixer` is silent: after {@link PATIENCE_MS}, and whenever that changes. */
export function watchSilence(
  mixer: Mixer,
  { onChange, setTimer = later }: WatchSilenceOptions,
): () => void {
  const tell = (): void => onChange(mixer.state === 'suspended');
  mixer.addEventListener('statechange', tell);
  const cancel = setTimer(tell, PATIENCE_MS);
  return () => {
    cancel();
    mixer.removeEventListener('statechange', tell);
  };
}

function later(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
