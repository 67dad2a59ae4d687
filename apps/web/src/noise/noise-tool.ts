/**
 * Turns the suppression of noise on and off. Fetched when somebody opens the settings, or had turned it
 * on in the call before.
 * @module
 */
import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { Slot } from '@parley/client';
import { writePreference } from '../ui/preferences.ts';

/** Where it is. */
export type NoiseState = 'off' | 'starting' | 'on' | 'failed';

const state = signal<NoiseState>('off');

/** Of the call in this page. */
export const noiseState: ReadonlySignal<NoiseState> = state;

/** Turns it on or off for `microphone`, now and in the next calls. Never rejects. */
export async function switchNoise(
  microphone: Pick<Slot, 'transform'>,
  isWanted: boolean,
): Promise<void> {
  writePreference('noise', isWanted ? 'on' : 'off');
  if (!isWanted) {
    state.value = 'off';
    await microphone.transform(undefined).catch(() => undefined);
    return;
  }
  state.value = 'starting';
  try {
    const { suppressNoise } = await import('./suppress-noise.ts');
    await microphone.transform(suppressNoise);
    state.value = 'on';
  } catch {
    state.value = 'failed';
  }
}
