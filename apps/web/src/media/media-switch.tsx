/**
 * The switch of the camera or the microphone. Its name never changes, its state says on or off,
 * and its tooltip says what pressing it does.
 * @module
 */
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import type { MessageKey } from '../i18n/message-key.ts';
import type { RoomSession } from '../room/room-session.ts';
import { Icon } from '../ui/icon.tsx';
import type { IconName } from '../ui/icon.tsx';
import styles from './media-switch.module.css';
import { cameraSwitch, microphoneSwitch } from './slot-switch.ts';
import type { SlotSwitch } from './slot-switch.ts';

/** The microphone switch of a session. */
export function MicrophoneSwitch({ session }: { session: RoomSession }): JSX.Element {
  return (
    <MediaSwitch
      label="device.microphone"
      icons={['mic', 'mic-off']}
      state={microphoneSwitch(session.microphone.value)}
      onToggle={() => void session.toggleMicrophone()}
    />
  );
}

/** The camera switch of a session. */
export function CameraSwitch({ session }: { session: RoomSession }): JSX.Element {
  return (
    <MediaSwitch
      label="device.camera"
      icons={['video', 'video-off']}
      state={cameraSwitch(session.camera.value)}
      onToggle={() => void session.toggleCamera()}
    />
  );
}

interface MediaSwitchProps {
  readonly label: MessageKey;
  /** For on and for off. */
  readonly icons: readonly [IconName, IconName];
  readonly state: SlotSwitch;
  readonly onToggle: () => void;
}

function MediaSwitch({ label, icons, state, onToggle }: MediaSwitchProps): JSX.Element {
  const hintId = useId();
  const [iconOn, iconOff] = icons;
  const settled: IconName = state.on ? iconOn : iconOff;
  return (
    <button
      type="button"
      role="switch"
      class={styles.switch}
      aria-label={t(label)}
      aria-checked={state.on}
      aria-busy={state.busy}
      aria-describedby={hintId}
      onClick={onToggle}
    >
      <Icon name={state.busy ? 'loader' : settled} size={22} />
      <span id={hintId} role="tooltip" class={styles.hint}>
        {t(state.hint)}
      </span>
    </button>
  );
}
