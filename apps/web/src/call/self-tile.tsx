/**
 * Myself, as in a mirror.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { microphoneSwitch } from '../media/slot-switch.ts';
import { StreamVideo } from '../media/stream-video.tsx';
import type { RoomSession } from '../room/room-session.ts';
import type { MySigns } from '../signs/signs.ts';
import styles from './tile.module.css';
import { Tile } from './tile.tsx';

/** My own tile. */
export function SelfTile(props: {
  session: RoomSession;
  name: string;
  signs: MySigns;
}): JSX.Element {
  const { session, name, signs } = props;
  const camera = session.camera.value;
  const isMuted = !microphoneSwitch(session.microphone.value).on;
  return (
    <li class={styles.tile} aria-label={t('call.you')} data-self>
      <Tile
        name={t('call.you')}
        avatarName={name}
        showAvatar={camera.state !== 'live'}
        muted={isMuted}
        isHandUp={signs.hand}
        saving={signs.saving}
      >
        {camera.state === 'live' && <StreamVideo class={styles.mirrored} stream={camera.stream} />}
      </Tile>
    </li>
  );
}
