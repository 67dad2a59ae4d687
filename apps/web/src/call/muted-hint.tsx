/**
 * Tells somebody who talks into a muted microphone that nobody hears them.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { Icon } from '../ui/icon.tsx';
import type { RoomSession } from '../room/room-session.ts';
import styles from './muted-hint.module.css';

/** The hint stays this long after the last word. */
const HINT_MS = 4000;

/** The hint, while it is needed. */
export function MutedHint({ session }: { session: RoomSession }): JSX.Element {
  const { muted, track } = session.microphone.value;
  const [isTalking, setTalking] = useState(false);
  useEffect(() => {
    if (!muted || track === undefined) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stop: (() => void) | undefined;
    let isGone = false;
    const onVoice = (): void => {
      setTalking(true);
      clearTimeout(timer);
      timer = setTimeout(() => setTalking(false), HINT_MS);
    };
    const listen = async (): Promise<void> => {
      const { hearMuted } = await import('./hear-muted.ts');
      if (!isGone) stop = hearMuted(track, onVoice);
    };
    // What cannot be measured gives no hint; the call goes on.
    listen().catch(() => undefined);
    return () => {
      isGone = true;
      stop?.();
      clearTimeout(timer);
      setTalking(false);
    };
  }, [muted, track]);
  return (
    <output class={styles.place}>
      {isTalking && (
        <p class={styles.hint}>
          <Icon name="mic-off" />
          <span>
            <strong>{t('call.mutedHint.title')}</strong> {t('call.mutedHint.body')}
          </span>
        </p>
      )}
    </output>
  );
}
