/**
 * The call: the people, and the bar with the controls.
 * @module
 */
import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import type { CallPageProps } from '../room/room-page.tsx';
import { announce } from '../ui/announcer.ts';
import buttons from '../ui/buttons.module.css';
import { Icon } from '../ui/icon.tsx';
import { observe } from '../ui/observe.ts';
import { useFocusOnArrival } from '../ui/use-focus-on-arrival.ts';
import styles from './call-page.module.css';
import { CallProblems } from './call-problems.tsx';
import { ControlBar } from './control-bar.tsx';
import { DoorPart } from './door-part.tsx';
import { LockedBanner } from './locked-banner.tsx';
import { narrateCall } from './narrate-call.ts';
import { People } from './people.tsx';
import { ShareBanner } from './share-banner.tsx';
import { SoundGate } from './sound-gate.ts';

/** The call view. */
export function CallPage({ session, call }: CallPageProps): JSX.Element {
  const gate = useMemo(() => new SoundGate(), []);
  const slot = call.room.self.screen;
  const screen = useMemo(() => ({ slot, snapshot: observe(slot) }), [slot]);
  const heading = useFocusOnArrival(true);
  const roomState = useComputed(() => call.snapshot.value.state);
  useEffect(
    () =>
      narrateCall({
        others: call.snapshot.peek().peers.length,
        onPeer: (listener) => call.room.on('peer', listener),
        onPeerLeft: (listener) => call.room.on('peerLeft', listener),
        roomState,
        camera: session.camera,
        microphone: session.microphone,
        t,
        announce,
      }),
    [session, call, roomState],
  );

  return (
    <main class={styles.page} aria-label={t('call.label')}>
      <h1 ref={heading} tabIndex={-1} class="visually-hidden">
        {t('call.title', { room: session.roomName })}
      </h1>
      {roomState.value === 'reconnecting' && <ReconnectingBanner />}
      <LockedBanner peers={call.snapshot.value.peers} />
      <ShareBanner screen={screen} />
      <People session={session} call={call} gate={gate} />
      {gate.blocked.value && (
        <button
          type="button"
          class={`${buttons.primary} ${styles.sound}`}
          onClick={() => void gate.open()}
        >
          <Icon name="volume" />
          {t('call.turnSoundOn')}
        </button>
      )}
      <CallProblems session={session} />
      <DoorPart session={session} call={call} />
      <ControlBar session={session} call={call} screen={screen} />
    </main>
  );
}

function ReconnectingBanner(): JSX.Element {
  return (
    <div class={styles.banner}>
      <Icon name="loader" />
      <p>
        <strong>{t('call.reconnecting.title')}</strong> {t('call.reconnecting.body')}
      </p>
    </div>
  );
}
