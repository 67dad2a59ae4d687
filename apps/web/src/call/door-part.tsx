/**
 * Watches the door for the people in the call. What it shows is fetched when there is something to ask.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Call, RoomSession } from '../room/room-session.ts';
import { lazyCard } from './lazy-card.ts';

/** Questions of the door, if there are any. */
export function DoorPart(props: { session: RoomSession; call: Call }): JSX.Element | null {
  const { session, call } = props;
  const { room } = call;
  const { door, peers } = call.snapshot.value;
  const [asker, setAsker] = useState<string>();
  useEffect(() => room.on('muteRequest', ({ from }) => setAsker(from)), [room]);

  const isMuted = session.microphone.value.muted || session.microphone.value.state !== 'live';
  const muteAskedBy =
    asker === undefined || isMuted ? undefined : (peers.find(({ id }) => id === asker)?.name ?? '');
  const knocks = door?.knocks ?? [];
  if (knocks.length === 0 && muteAskedBy === undefined) return null;
  return (
    <LazyToasts
      knocks={knocks}
      // Who does not wait any more needs no answer.
      onDecide={({ id }, isWelcome) => {
        const knock = knocks.find((one) => one.id === id);
        if (knock === undefined) return;
        const { admit, refuse } = room.host;
        void (isWelcome ? admit : refuse)(knock.id).catch(() => undefined);
      }}
      muteAskedBy={muteAskedBy}
      onMute={(wants) => {
        setAsker(undefined);
        if (wants) void session.toggleMicrophone();
      }}
    />
  );
}

const LazyToasts = lazyCard((cards) => cards.DoorToasts);
