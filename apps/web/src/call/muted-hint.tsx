/**
 * Listens to somebody who has muted their microphone. What does it is fetched then.
 * @module
 */
import type { JSX } from 'preact';
import type { RoomSession } from '../room/room-session.ts';
import { lazyCard } from './lazy-card.ts';

/** The hint, while it is needed. */
export function MutedHint({ session }: { session: RoomSession }): JSX.Element | null {
  const { muted, track } = session.microphone.value;
  return muted && track !== undefined ? <Hint track={track} /> : null;
}

const Hint = lazyCard((cards) => cards.MutedHintCard);
