/**
 * How much data pictures may cost.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import type { MessageKey } from '../i18n/message-key.ts';
import { DATA_MODES, parseDataMode } from '../saving/data-mode.ts';
import type { DataMode } from '../saving/data-mode.ts';
import type { DataSaver } from '../saving/data-saver.ts';
import styles from './settings-panel.module.css';

const NAMES = {
  full: 'data.full',
  low: 'data.low',
  audio: 'data.audio',
} as const satisfies Record<DataMode, MessageKey>;

/** The choice, and who sees it. */
export function DataField({ saver }: { saver: DataSaver }): JSX.Element {
  return (
    <section>
      <h3>{t('data.title')}</h3>
      <label class={styles.field}>
        <span>{t('data.use')}</span>
        <select
          value={saver.mode.value}
          onChange={(event) => saver.choose(parseDataMode(event.currentTarget.value) ?? 'full')}
        >
          {DATA_MODES.map((mode) => (
            <option key={mode} value={mode}>
              {t(NAMES[mode])}
            </option>
          ))}
        </select>
      </label>
      <p class={styles.note}>{t('data.note')}</p>
    </section>
  );
}
