/**
 * Device problems that arise during the call. Those known from the lobby are not told again.
 * @module
 */
import type { SlotSnapshot } from '@parley/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import type { SlotFailure } from '../lobby/media-problems.ts';
import { DeviceHelp } from '../media/device-help.tsx';
import type { RoomSession } from '../room/room-session.ts';
import { Icon } from '../ui/icon.tsx';
import styles from './call-problems.module.css';

/** Cards above the control bar, until the problem is gone or the person closes them. */
export function CallProblems({ session }: { session: RoomSession }): JSX.Element {
  const currentErrors = (): readonly SlotSnapshot['error'][] => [
    session.camera.peek().error,
    session.microphone.peek().error,
  ];
  const [known, setKnown] = useState(currentErrors);
  const unknownOnly = ({ state, error }: SlotSnapshot): SlotFailure => ({
    state,
    error: known.includes(error) ? undefined : error,
  });
  const camera = unknownOnly(session.camera.value);
  const microphone = unknownOnly(session.microphone.value);

  return (
    <div class={styles.place} aria-live="polite">
      <DeviceHelp session={session} camera={camera} microphone={microphone} beforeCall={false} />
      {(camera.error ?? microphone.error) !== undefined && (
        <button
          type="button"
          class={styles.close}
          aria-label={t('call.close')}
          onClick={() => setKnown(currentErrors)}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
