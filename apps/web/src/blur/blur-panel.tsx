/**
 * The switch that blurs the background, and what became of it.
 * @module
 */
import type { JSX } from 'preact';
import { hasFrameStreams } from '../frames/frame-streams.ts';
import { t } from '../i18n/language.ts';
import type { MessageKey } from '../i18n/message-key.ts';
import { blurState } from '../media/blur-state.ts';
import type { RoomSession } from '../room/room-session.ts';
import styles from './blur-panel.module.css';
import { switchBlur } from './blur-tool.ts';

/** The switch with its note. */
export function BlurPanel({ session }: { session: RoomSession }): JSX.Element {
  const isDark = blurState.value === 'failed' && session.camera.value.state !== 'live';
  const isOn = blurState.value !== 'off' && (blurState.value !== 'failed' || isDark);
  return (
    <div class={styles.field}>
      <label class={styles.check}>
        <input
          type="checkbox"
          checked={isOn}
          aria-describedby="blur-note"
          onChange={(event) => void switchBlur(session.cameraSlot, event.currentTarget.checked)}
        />
        <span>{t('blur.blur')}</span>
      </label>
      <p id="blur-note" class={styles.note} aria-live="polite">
        {t(noteOf(isDark))}
        {isOn && !hasFrameStreams() && ` ${t('blur.hidden')}`}
      </p>
    </div>
  );
}

function noteOf(isDark: boolean): MessageKey {
  switch (blurState.value) {
    case 'off':
    case 'on':
      return 'blur.note';
    case 'starting':
      return 'blur.starting';
    case 'slow':
      return 'blur.slow';
    case 'failed':
      return isDark ? 'blur.dark' : 'blur.failed';
  }
}
