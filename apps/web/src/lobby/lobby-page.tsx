/**
 * Before the call: see yourself, choose devices, say your name, join.
 * @module
 */
import { h } from 'preact';
import type { ComponentType, JSX } from 'preact';
import { loadWords, locale, t } from '../i18n/language.ts';
import { DeviceSelect } from '../media/device-select.tsx';
import type { JoinProblem } from '../room/join-problem.ts';
import type { RoomSession } from '../room/room-session.ts';
import { Icon } from '../ui/icon.tsx';
import type { IconName } from '../ui/icon.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { useFocusOnArrival } from '../ui/use-focus-on-arrival.ts';
import { useLazyView } from '../ui/use-lazy-view.ts';
import { insideWords } from './inside-words.ts';
import { JoinForm } from './join-form.tsx';
import styles from './lobby-page.module.css';
import type { MediaProblemCardsProps } from './media-problem-cards.tsx';
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
            <DeviceProblems session={session} />
          </div>
          <div class={styles.devices}>
            <DeviceField session={session} source="camera" icon="video" />
            <DeviceField session={session} source="microphone" icon="mic" />
          </div>
          <SoundCheck session={session} />
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
      </main>
    </>
  );
}

/** Most people never see one of these cards, so they are fetched when there is one to show. */
function DeviceProblems({ session }: { session: RoomSession }): JSX.Element {
  const [camera, microphone] = [session.camera.value, session.microphone.value];
  if ((camera.error ?? microphone.error) === undefined) return <></>;
  return <ProblemCards {...{ session, camera, microphone }} beforeCall />;
}

function ProblemCards(props: MediaProblemCardsProps): JSX.Element {
  const view = useLazyView(loadProblemCards);
  return typeof view === 'string' ? <></> : h(view, props);
}

async function loadProblemCards(): Promise<ComponentType<MediaProblemCardsProps>> {
  const words = loadWords('problem');
  const [{ MediaProblemCards }] = await Promise.all([import('./media-problem-cards.tsx'), words]);
  return MediaProblemCards;
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
