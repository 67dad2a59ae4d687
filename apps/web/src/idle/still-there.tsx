/**
 * The question to somebody who has been alone for long.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import type { Call, RoomSession } from '../room/room-session.ts';
import buttons from '../ui/buttons.module.css';
import { IdleGuard } from './idle-guard.ts';
import styles from './still-there.module.css';

/** The question, while it stands. */
export function StillThere(props: { session: RoomSession; call: Call }): JSX.Element | null {
  const { session, call } = props;
  const guard = useMemo(() => new IdleGuard(() => void session.leave()), [session]);
  const isAlone = call.snapshot.value.peers.length === 0;
  useEffect(() => {
    guard.setAlone(isAlone);
    return () => guard.close();
  }, [guard, isAlone]);
  const remainingMs = guard.remainingMs.value;
  if (remainingMs === undefined) return null;
  return (
    <section class={styles.question} role="alertdialog" aria-labelledby="still-there">
      <h2 id="still-there">{t('call.stillThere.title')}</h2>
      <p aria-live="off">{t('call.stillThere.body', { time: clockOf(remainingMs) })}</p>
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
