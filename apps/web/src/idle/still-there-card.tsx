/**
 * The question to somebody who has been alone for long.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import type { RoomSession } from '../room/room-session.ts';
import buttons from '../ui/buttons.module.css';
import type { IdleGuard } from './idle-guard.ts';
import styles from './still-there.module.css';

/** What the question needs. */
export interface StillThereCardProps {
  readonly session: RoomSession;
  readonly guard: IdleGuard;
}

/** The question, with the time that is left. */
export function StillThereCard({ session, guard }: StillThereCardProps): JSX.Element {
  const time = clockOf(guard.remainingMs.value ?? 0);
  return (
    <section class={styles.question} role="alertdialog" aria-labelledby="still-there">
      <h2 id="still-there">{t('call.stillThere.title')}</h2>
      <p aria-live="off">{t('call.stillThere.body', { time })}</p>
      <div class={styles.actions}>
        <button type="button" class={buttons.primary} onClick={() => guard.stay()}>
          {t('call.stillThere.stay')}
        </button>
        <button type="button" class={buttons.secondary} onClick={() => void session.leave()}>
          {t('call.leave')}
        </button>
      </div>
    </section>
  );
}

function clockOf(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
