/**
 * The call: the people, the panel beside them, and the bar with the controls.
 * @module
 */
import { signal, useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo } from 'preact/hooks';
import { useFileDrop } from '../chat/use-file-drop.ts';
import { loadWords, t } from '../i18n/language.ts';
import { StillThere } from '../idle/still-there.tsx';
import { PanelHost } from '../panel/panel-host.tsx';
import type { CallPageProps } from '../room/room-page.tsx';
import { BusyHint } from '../saving/busy-hint.tsx';
import { DataSaver } from '../saving/data-saver.ts';
import { PictureDesk } from '../saving/picture-desk.ts';
import { ReactionShow } from '../signs/reaction-show.tsx';
import { TwinHint } from '../twins/twin-hint.tsx';
import { announce } from '../ui/announcer.ts';
import buttons from '../ui/buttons.module.css';
import { Icon } from '../ui/icon.tsx';
import { observe } from '../ui/observe.ts';
import { readPreference, writePreference } from '../ui/preferences.ts';
import { useFocusOnArrival } from '../ui/use-focus-on-arrival.ts';
import { Banners } from './banners.tsx';
import type { CallContext } from './call-context.ts';
import { listenInCall } from './call-keys.ts';
import styles from './call-page.module.css';
import { CallProblems } from './call-problems.tsx';
import { openTools } from './call-tools.ts';
import { CallView } from './call-view.ts';
import { ControlBar } from './control-bar.tsx';
import { DoorPart } from './door-part.tsx';
import { keepAwake } from './keep-awake.ts';
import { keepSession } from './keep-session.ts';
import { MutedHint } from './muted-hint.tsx';
import { narrateCall } from './narrate-call.ts';
import { People } from './people.tsx';
import { SoundGate } from './sound-gate.ts';

/** The call view. */
export function CallPage({ session, call }: CallPageProps): JSX.Element {
  const context = useContextOf({ session, call });
  const { gate } = context;
  const heading = useFocusOnArrival(true);
  useNarration(context);
  useEffect(() => listenInCall(context), [context]);
  useEffect(() => keepSession(context), [context]);
  useEffect(() => void recallNoise(context).catch(() => undefined), [context]);
  useEffect(keepAwake, []);
  const offer = useCallback(
    (files: readonly File[]) => {
      context.tools.files.send(files);
      context.view.openPanel('chat');
    },
    [context],
  );
  useFileDrop(offer);

  return (
    <main class={styles.page} aria-label={t('call.label')}>
      <h1 ref={heading} tabIndex={-1} class="visually-hidden">
        {t('call.title', { room: session.roomName })}
      </h1>
      <Banners context={context} />
      <div class={styles.middle}>
        <People context={context} />
        <PanelHost context={context} />
      </div>
      <ReactionShow call={call} signs={context.tools.signs} />
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
      <MutedHint session={session} />
      <BusyHint context={context} />
      <TwinHint context={context} />
      <StillThere session={session} call={call} />
      <ControlBar context={context} />
    </main>
  );
}

/** Without what it needs, the microphone stays as it is. */
async function recallNoise({ call }: CallContext): Promise<void> {
  if (readPreference('noise') !== 'on') return;
  const { switchNoise } = await import('../noise/noise-tool.ts');
  await switchNoise(call.room.self.microphone, true);
}

function useContextOf({ session, call }: CallPageProps): CallContext {
  const context = useMemo((): CallContext => {
    const slot = call.room.self.screen;
    const preferences = { read: readPreference, write: writePreference };
    const view = new CallView(preferences);
    const tools = openTools(call.room, {
      onUnread: ({ name }) => announce(t('announce.message', { name: name || t('call.guest') })),
      onFileOffer: ({ person }) =>
        announce(t('announce.file', { name: person || t('call.guest') })),
    });
    const saver = new DataSaver({
      camera: call.room.self.camera,
      snapshot: session.camera,
      preferences,
      tell: (mode) => tools.signs.setSaving(mode),
    });
    return {
      session,
      call,
      tools,
      gate: new SoundGate(readPreference('speaker')),
      view,
      screen: { slot, snapshot: observe(slot) },
      saver,
      desk: new PictureDesk(saver.mode),
      recording: signal(undefined),
      smallWindow: signal(undefined),
    };
  }, [session, call]);
  useEffect(() => {
    // Those who open a panel should not wait for its words.
    void loadWords('panel').catch(() => undefined);
    session.setTools(context.tools);
    return () => {
      session.setTools(undefined);
      void context.recording.peek()?.stop();
      context.smallWindow.peek()?.close();
      context.tools.close();
      context.saver.close();
      context.desk.close();
    };
  }, [session, context]);
  return context;
}

function useNarration({ session, call, tools }: CallContext): void {
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
        hands: tools.signs.hands,
        recorders: tools.signs.recorders,
        nameOf: (id) => call.snapshot.peek().peers.find((peer) => peer.id === id)?.name ?? '',
        t,
        announce,
      }),
    [session, call, tools, roomState],
  );
}
