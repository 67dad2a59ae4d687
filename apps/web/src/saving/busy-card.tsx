/**
 * Says what was done because the device is busy, and what would help more.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { CallContext } from '../call/call-context.ts';
import styles from '../call/call-problems.module.css';
import { t } from '../i18n/language.ts';
import { announce } from '../ui/announcer.ts';
import buttons from '../ui/buttons.module.css';
import { Icon } from '../ui/icon.tsx';
import { Notice } from '../ui/notice.tsx';

/** What the card needs. */
export interface BusyCardProps {
  readonly context: CallContext;
  readonly onClose: () => void;
}

/** The card above the control bar. */
export function BusyCard({ context, onClose }: BusyCardProps): JSX.Element {
  const { saver } = context;
  useEffect(() => announce(`${t('busy.title')} ${t('busy.body')}`), []);
  return (
    <div class={styles.place}>
      <Notice title={t('busy.title')} body={t('busy.body')}>
        {saver.mode.value === 'full' && (
          <button
            type="button"
            class={buttons.secondary}
            onClick={() => {
              saver.choose('low');
              onClose();
            }}
          >
            {t('busy.saveData')}
          </button>
        )}
      </Notice>
      <button type="button" class={styles.close} aria-label={t('call.close')} onClick={onClose}>
        <Icon name="close" />
      </button>
    </div>
  );
}
