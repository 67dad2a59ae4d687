/**
 * Before the call: see yourself, choose devices, say your name, join.
 * @module
 */
import type { JSX } from 'preact';
import { locale, t } from '../i18n/language.ts';
import { BlurSwitch } from '../media/blur-switch.tsx';
import { DeviceHelp } from '../media/device-help.tsx';
import { DeviceSelect } from '../media/device-select.tsx';
import type { JoinProblem } from '../room/join-problem.ts';
import type { RoomSession } from '../room/room-session.ts';
import { Icon } from '../ui/icon.tsx';
import type { IconName } from '../ui/icon.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { useFocusOnArrival } from '../ui/use-focus-on-arrival.ts';
import { insideWords } from './inside-words.ts';
import { JoinForm } from './join-form.tsx';
import styles from './lobby-page.module.css';
import { SoundCheck } from './sound-check.tsx';
import { Preview } from './preview.tsx';

/** What the lobby is given. */
export interface LobbyPageProps {
  readonly session: RoomSession;
  /** Why the last try to join did not work. */
  readonly problem: JoinProblem | undefined;
  readonly joining: boolean;
}

/** The lobby. */
export function LobbyPage({ session, problem, joining }: LobbyPageProps): JSX.Element {
  const heading = useFocusOnArrival();
  const inside = session.inside.value;
  const isAlone = inside?.count === 0;
  return (
    <>
      <PageHeader />
      <main class={styles.page}>
        <div class={styles.self}>
          <Preview session={session} />
          <div aria-live="polite" class={styles.problems}>
            <DeviceHelp
              session={session}
              camera={session.camera.value}
              microphone={session.microphone.value}
              beforeCall
            />
          </div>
        </div>
        <div class={styles.entry}>
          <div>
            <h1 ref={heading} tabIndex={-1}>
              {t(isAlone ? 'lobby.titleAlone' : 'lobby.title')}
            </h1>
            <p class={styles.room}>{session.roomName}</p>
            <output class={styles.inside}>
              {inside !== undefined && insideWords(t, inside, locale.value)}
            </output>
          </div>
          <JoinForm session={session} problem={problem} joining={joining} />
        </div>
        <div class={styles.self}>
          <div class={styles.devices}>
            <DeviceField session={session} source="camera" icon="video" />
            <DeviceField session={session} source="microphone" icon="mic" />
          </div>
          <SoundCheck session={session} />
          <BlurSwitch session={session} />
        </div>
      </main>
    </>
  );
}

function DeviceField(props: {
  session: RoomSession;
  source: 'camera' | 'microphone';
  icon: IconName;
}): JSX.Element {
  return (
    <span class={styles.device}>
      <Icon name={props.icon} size={18} />
      <DeviceSelect session={props.session} source={props.source} />
      <Icon name="chevron-down" size={18} />
    </span>
  );
}
