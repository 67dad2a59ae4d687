/**
 * The suppression of noise, and what became of it.
 * @module
 */
import type { Slot } from '@parley/client';
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { noiseState, switchNoise } from '../noise/noise-tool.ts';
import styles from './settings-panel.module.css';

/** The switch. Only where the browser has what it needs. */
export function NoiseField({ microphone }: { microphone: Slot }): JSX.Element | null {
  if (!('AudioWorkletNode' in window)) return null;
  const state = noiseState.value;
  return (
    <div>
      <label class={styles.check}>
        <input
          type="checkbox"
          checked={state === 'on' || state === 'starting'}
          aria-describedby="noise-note"
          onChange={(event) => void switchNoise(microphone, event.currentTarget.checked)}
        />
        <span>{t('noise.suppress')}</span>
      </label>
      <p id="noise-note" class={styles.note} aria-live="polite">
        {t(state === 'failed' ? 'noise.failed' : 'noise.note')}
      </p>
    </div>
  );
}
