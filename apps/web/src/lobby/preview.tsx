/**
 * How the others will see me: a mirrored picture with the two switches on it.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { CameraSwitch, MicrophoneSwitch } from '../media/media-switch.tsx';
import { StreamVideo } from '../media/stream-video.tsx';
import type { RoomSession } from '../room/room-session.ts';
import { Icon } from '../ui/icon.tsx';
import styles from './preview.module.css';

/** The preview. */
export function Preview({ session }: { session: RoomSession }): JSX.Element {
  const { state, stream } = session.camera.value;
  return (
    <section class={styles.frame} aria-label={t('lobby.preview')}>
      {state === 'live' ? (
        <StreamVideo class={styles.picture} stream={stream} />
      ) : (
        <CameraRest starting={state === 'starting'} />
      )}
      <div class={styles.switches}>
        <MicrophoneSwitch session={session} />
        <CameraSwitch session={session} />
      </div>
    </section>
  );
}

function CameraRest({ starting }: { starting: boolean }): JSX.Element {
  return (
    <div class={styles.rest}>
      <Icon name={starting ? 'loader' : 'video-off'} size={32} />
      <p>{t(starting ? 'lobby.cameraStarting' : 'lobby.cameraOff')}</p>
      {starting && <p class={styles.asking}>{t('lobby.asking')}</p>}
    </div>
  );
}
