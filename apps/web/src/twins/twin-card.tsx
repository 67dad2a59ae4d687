/**
 * Tells somebody that they are in this call in another tab, too, and what that means for this one.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import styles from '../call/call-problems.module.css';
import { CloseButton } from '../call/close-button.tsx';
import { t } from '../i18n/language.ts';
import type { RoomSession } from '../room/room-session.ts';
import { announce } from '../ui/announcer.ts';
import buttons from '../ui/buttons.module.css';
import { Notice } from '../ui/notice.tsx';

/** What the card needs. */
export interface TwinCardProps {
  readonly session: RoomSession;
  readonly onClose: () => void;
}

/** The card above the control bar. */
export function TwinCard({ session, onClose }: TwinCardProps): JSX.Element {
  useEffect(() => announce(`${t('twin.title')} ${t('twin.body')}`), []);
  return (
    <div class={styles.place}>
      <Notice title={t('twin.title')} body={t('twin.body')}>
        <button type="button" class={buttons.secondary} onClick={() => void session.leave()}>
          {t('twin.leave')}
        </button>
      </Notice>
      <CloseButton onClick={onClose} />
    </div>
  );
}
