/**
 * The bar at the bottom, in the order people know: microphone, camera, screen, the rest, and Leave last.
 * @module
 */
import type { DeviceSource } from '@parley/client';
import type { ComponentChildren, JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { DeviceSelect } from '../media/device-select.tsx';
import { CameraSwitch, MicrophoneSwitch } from '../media/media-switch.tsx';
import type { RoomSession } from '../room/room-session.ts';
import { Icon } from '../ui/icon.tsx';
import type { CallContext } from './call-context.ts';
import { ChatButton } from './chat-button.tsx';
import styles from './control-bar.module.css';
import { CopyLinkButton } from './copy-link-button.tsx';
import { MoreMenu } from './more-menu.tsx';
import { HandSwitch, ReactionMenu } from './reaction-menu.tsx';
import { PeopleButton } from './people-button.tsx';
import { ShareSwitch } from './share-switch.tsx';

/** The controls of the call. */
export function ControlBar({ context }: { context: CallContext }): JSX.Element {
  const { session, call, screen, tools } = context;
  return (
    <section class={styles.bar} aria-label={t('call.controls')} tabIndex={-1} data-controls>
      <p class={styles.room}>{session.roomName}</p>
      <div class={styles.controls}>
        <SplitControl session={session} source="microphone">
          <MicrophoneSwitch session={session} />
        </SplitControl>
        <SplitControl session={session} source="camera">
          <CameraSwitch session={session} />
        </SplitControl>
        <ShareSwitch screen={screen} />
        <HandSwitch signs={tools.signs} class={styles.hand} />
        <ReactionMenu signs={tools.signs} />
        <PeopleButton call={call} class={styles.round} />
        <ChatButton context={context} />
        <MoreMenu context={context} />
        <button type="button" class={styles.leave} onClick={() => void session.leave()}>
          <Icon name="phone-off" size={22} />
          <span>{t('call.leave')}</span>
        </button>
      </div>
      <div class={styles.end}>
        <CopyLinkButton class={styles.link} />
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
