/**
 * The line above the people while I record, and when it is done.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import call from '../call/call-page.module.css';
import { Glyph, RECORD } from '../call/glyph.tsx';
import { locale, t } from '../i18n/language.ts';
import { announce } from '../ui/announcer.ts';
import buttons from '../ui/buttons.module.css';
import { Icon } from '../ui/icon.tsx';
import type { Recording } from './recording.ts';
import styles from './recording-line.module.css';

/** What the line needs. */
export interface RecordingLineProps {
  readonly recording: Recording;
  readonly onClose: () => void;
}

/** The line. */
export function RecordingLine({ recording, onClose }: RecordingLineProps): JSX.Element {
  const state = recording.state.value;
  const isSilent = recording.isSilent.value;
  useEffect(() => {
    if (state === 'running') announce(t('record.running'));
    if (state === 'saved') announce(t('record.saved', { name: recording.fileName }));
    if (state === 'failed') announce(t('record.failed'));
  }, [state, recording]);
  useEffect(() => {
    if (isSilent) announce(t('record.silent'));
  }, [isSilent]);
  switch (state) {
    case 'running':
      return (
        <div class={call.banner}>
          <span class={styles.dot}>
            <Glyph path={RECORD} />
          </span>
          <p>
            {t('record.running')} <Duration since={recording.startedAt} />
            {isSilent && <> {t('record.silent')}</>}
          </p>
          <button type="button" class={buttons.secondary} onClick={() => void recording.stop()}>
            {t('record.stop')}
          </button>
        </div>
      );
    case 'saving':
      return (
        <div class={call.banner}>
          <Icon name="loader" />
          <p>{t('record.saving')}</p>
        </div>
      );
    case 'saved':
    case 'failed':
      return (
        <div class={state === 'saved' ? call.sharing : call.banner}>
          <p>
            {state === 'saved'
              ? t('record.saved', { name: recording.fileName })
              : t('record.failed')}
          </p>
          <button type="button" class={buttons.secondary} onClick={onClose}>
            {t('call.close')}
          </button>
        </div>
      );
  }
}

function Duration({ since }: { since: Date }): JSX.Element {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      setSeconds(Math.round((Date.now() - since.getTime()) / 1000));
    }, 1000);
    return () => clearInterval(timer);
  }, [since]);
  const two = new Intl.NumberFormat(locale.value, { minimumIntegerDigits: 2 });
  return (
    <time class={styles.time}>
      {two.format(Math.floor(seconds / 60))}:{two.format(seconds % 60)}
    </time>
  );
}
