/**
 * The bar at the bottom, in the order people know: microphone, camera, screen, the rest, and Leave last.
 * @module
 */
import type { DeviceSource } from '@parley/client';
import type { ComponentChildren, JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { DeviceSelect } from '../media/device-select.tsx';
import { CameraSwitch, MicrophoneSwitch } from '../media/media-switch.tsx';

import type { Call, RoomSession } from '../room/room-session.ts';
import { Icon } from '../ui/icon.tsx';
import styles from './control-bar.module.css';
import { CopyLinkButton } from './copy-link-button.tsx';
import { PeopleButton } from './people-button.tsx';
import { ShareSwitch } from './share-switch.tsx';
import type { MyScreen } from './share-switch.tsx';

/** The controls of the call. */
export function ControlBar(props: {
  session: RoomSession;
  call: Call;
  screen: MyScreen;
}): JSX.Element {
  const { session, call, screen } = props;
  return (
    <section class={styles.bar} aria-label={t('call.controls')}>
      <p class={styles.room}>{session.roomName}</p>
      <div class={styles.controls}>
        <SplitControl session={session} source="microphone">
          <MicrophoneSwitch session={session} />
        </SplitControl>
        <SplitControl session={session} source="camera">
          <CameraSwitch session={session} />
        </SplitControl>
        <ShareSwitch screen={screen} />
        <PeopleButton call={call} class={styles.button} />
        <CopyLinkButton class={styles.button} />
        <button type="button" class={styles.leave} onClick={() => void session.leave()}>
          <Icon name="phone-off" size={22} />
          <span>{t('call.leave')}</span>
        </button>
      </div>
    </section>
  );
}

/** A switch with the list of its devices beside it. The list lies unseen over the arrow. */
function SplitControl(props: {
  session: RoomSession;
  source: DeviceSource;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class={styles.split}>
      {props.children}
      <span class={styles.menu}>
        <Icon name="chevron-up" size={18} />
        <DeviceSelect session={props.session} source={props.source} />
      </span>
    </div>
  );
}
