/**
 * Tells somebody who talks into a muted microphone that nobody hears them.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { Icon } from '../ui/icon.tsx';
import { hearMuted } from './hear-muted.ts';
import styles from './muted-hint.module.css';

/** The hint stays this long after the last word. */
const HINT_MS = 4000;

/** What is listened to. */
export interface MutedHintCardProps {
  readonly track: MediaStreamTrack;
}

/** The hint, while somebody talks. */
export function MutedHintCard({ track }: MutedHintCardProps): JSX.Element {
  const [isTalking, setTalking] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onVoice = (): void => {
      setTalking(true);
      clearTimeout(timer);
      timer = setTimeout(() => setTalking(false), HINT_MS);
    };
    let stop: (() => void) | undefined;
    try {
      stop = hearMuted(track, onVoice);
    } catch {
      // What cannot be measured gives no hint; the call goes on.
    }
    return () => {
      stop?.();
      clearTimeout(timer);
      setTalking(false);
    };
  }, [track]);
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
