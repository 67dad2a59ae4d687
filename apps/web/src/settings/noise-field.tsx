/**
 * The suppression of noise, and what became of it.
 * @module
 */
import type { Slot } from '@parley/client';
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { noiseState, switchNoise } from '../noise/noise-tool.ts';
import { CheckField } from './check-field.tsx';

/** The switch. Only where the browser has what it needs. */
export function NoiseField({ microphone }: { microphone: Slot }): JSX.Element | null {
  if (!('AudioWorkletNode' in window)) return null;
  const state = noiseState.value;
  return (
    <CheckField
      name="noise"
      label={t('noise.suppress')}
      isOn={state === 'on' || state === 'starting'}
      onChange={(isOn) => void switchNoise(microphone, isOn)}
      note={t(state === 'failed' ? 'noise.failed' : 'noise.note')}
    />
  );
}
