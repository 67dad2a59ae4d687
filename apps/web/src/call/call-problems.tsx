/**
 * Device problems that arise during the call. Those known from the lobby are not told again.
 * @module
 */
import type { SlotSnapshot } from '@parley/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { SlotFailure } from '../lobby/media-problems.ts';
import { DeviceHelp } from '../media/device-help.tsx';
import type { RoomSession } from '../room/room-session.ts';
import styles from './call-problems.module.css';
import { CloseButton } from './close-button.tsx';

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
        <CloseButton onClick={() => setKnown(currentErrors)} />
      )}
    </div>
  );
}
