/**
 * Says what was done because the device is busy, and what would help more.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { switchBlur } from '../blur/blur-tool.ts';
import type { CallContext } from '../call/call-context.ts';
import styles from '../call/call-problems.module.css';
import { CloseButton } from '../call/close-button.tsx';
import { t } from '../i18n/language.ts';
import { blurState } from '../media/blur-state.ts';
import { noiseState, switchNoise } from '../noise/noise-tool.ts';
import { announce } from '../ui/announcer.ts';
import buttons from '../ui/buttons.module.css';
import { Notice } from '../ui/notice.tsx';

/** What the card needs. */
export interface BusyCardProps {
  readonly context: CallContext;
  readonly onClose: () => void;
}

/** The card above the control bar. */
export function BusyCard({ context, onClose }: BusyCardProps): JSX.Element {
  const { saver, session, call } = context;
  const relieve = (act: () => void) => () => {
    act();
    onClose();
  };
  useEffect(() => announce(`${t('busy.title')} ${t('busy.body')}`), []);
  return (
    <div class={styles.place}>
      <Notice title={t('busy.title')} body={t('busy.body')}>
        {saver.mode.value === 'full' && (
          <button
            type="button"
            class={buttons.secondary}
            onClick={relieve(() => saver.choose('low'))}
          >
            {t('busy.saveData')}
          </button>
        )}
        {blurState.value !== 'off' && (
          <button
            type="button"
            class={buttons.secondary}
            onClick={relieve(() => void switchBlur(session.cameraSlot, false))}
          >
            {t('busy.stopBlur')}
          </button>
        )}
        {noiseState.value !== 'off' && (
          <button
            type="button"
            class={buttons.secondary}
            onClick={relieve(() => void switchNoise(call.room.self.microphone, false))}
          >
            {t('busy.stopNoise')}
          </button>
        )}
      </Notice>
      <CloseButton onClick={onClose} />
    </div>
  );
}
