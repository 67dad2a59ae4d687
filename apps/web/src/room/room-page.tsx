/**
 * The pages of a room: lobby, call, and the page after it.
 * @module
 */
import { useSignalEffect } from '@preact/signals';
import { createClient } from '@parley/client';
import { h } from 'preact';
import type { ComponentType, JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import { reportToEmbedder } from '../embed/embedder.ts';
import { t, withWords } from '../i18n/language.ts';
import { LeftPage } from '../left/left-page.tsx';
import { LobbyPage } from '../lobby/lobby-page.tsx';
import { microphoneSwitch } from '../media/slot-switch.ts';
import { readPreference, writePreference } from '../ui/preferences.ts';
import { TAB_MEMORY } from '../ui/tab-memory.ts';
import { useLazyView } from '../ui/use-lazy-view.ts';
import { CallLoadingPage } from './call-loading-page.tsx';
import { takeOwnInvitation } from './own-invitation.ts';
import { pageIcon, pageTitle } from './page-title.ts';
import type { TitleState } from './page-title.ts';
import { RoomSession } from './room-session.ts';
import type { Call } from './room-session.ts';
import { WaitingPage } from './waiting-page.tsx';

/** What the call view is given; it lives in a chunk of its own. */
export interface CallPageProps {
  readonly session: RoomSession;
  readonly call: Call;
}

/** One visit to the room `room`. */
export function RoomPage(props: { room: string; linkKey: string | undefined }): JSX.Element {
  const { room, linkKey } = props;
  const session = useMemo(() => openSession(room, linkKey), [room, linkKey]);
  // Fetched while the person is still in the lobby.
  const callView = useLazyView(loadCallPage);
  useTitle(session);
  // Before the first paint, so that nobody ever sees switches that are off and not yet starting.
  useLayoutEffect(() => {
    void session.arrive();
    return () => void session.close();
  }, [session]);
  useEffect(() => reportToEmbedder(session), [session]);

  const stage = session.stage.value;
  switch (stage.name) {
    case 'lobby':
      return <LobbyPage session={session} problem={stage.problem} joining={false} />;
    case 'joining':
      return <LobbyPage session={session} problem={undefined} joining />;
    case 'waiting':
      return <WaitingPage session={session} />;
    case 'call': {
      if (typeof callView === 'string') return <CallLoadingPage failed={callView === 'failed'} />;
      return h(callView, { session, call: stage });
    }
    case 'left':
      return <LeftPage session={session} reason={stage.reason} />;
  }
}

function openSession(roomName: string, linkKey: string | undefined): RoomSession {
  const preferences = { read: readPreference, write: writePreference };
  const auth = takeOwnInvitation(roomName);
  return new RoomSession({
    roomName,
    linkKey,
    client: createClient(auth === undefined ? {} : { auth }),
    preferences,
    tab: TAB_MEMORY,
  });
}

async function loadCallPage(): Promise<ComponentType<CallPageProps>> {
  return (await withWords(import('../call/call-page.tsx'), 'call')).CallPage;
}

function useTitle(session: RoomSession): void {
  useSignalEffect(() => {
    const stage = session.stage.value;
    const state: TitleState = {
      stage: stage.name,
      room: session.roomName,
      muted: !microphoneSwitch(session.microphone.value).on,
      reconnecting: stage.name === 'call' && stage.snapshot.value.state === 'reconnecting',
    };
    document.title = pageTitle(t, state);
    document.querySelector('link[rel="icon"]')?.setAttribute('href', pageIcon(state));
  });
}
