/**
 * The switch that blurs the background, and what became of it.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import type { MessageKey } from '../i18n/message-key.ts';
import { blurState } from '../media/blur-state.ts';
import type { RoomSession } from '../room/room-session.ts';
import { CheckField } from '../settings/check-field.tsx';
import { switchBlur } from './blur-tool.ts';

/** The switch with its note. Not where there is no camera to blur: in a page without https. */
export function BlurPanel({ session }: { session: RoomSession }): JSX.Element | null {
  if (!isSecureContext) return null;
  const isDark = blurState.value === 'failed' && session.camera.value.state !== 'live';
  const isOn = blurState.value !== 'off' && (blurState.value !== 'failed' || isDark);
  return (
    <CheckField
      name="blur"
      label={t('blur.blur')}
      isOn={isOn}
      onChange={(wanted) => void switchBlur(session.cameraSlot, wanted)}
      note={t(noteOf(isDark))}
    />
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
