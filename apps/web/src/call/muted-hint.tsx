/**
 * Listens to somebody who has muted their microphone. What does it is fetched then.
 * @module
 */
import type { JSX } from 'preact';
import { loadWords } from '../i18n/language.ts';
import type { RoomSession } from '../room/room-session.ts';
import { lazyView } from '../ui/use-lazy-view.ts';

/** The hint, while it is needed. */
export function MutedHint({ session }: { session: RoomSession }): JSX.Element | null {
  const { muted, track } = session.microphone.value;
  return muted && track !== undefined ? <Hint track={track} /> : null;
}

const Hint = lazyView(async () => {
  const words = loadWords('tool');
  return (await Promise.all([import('./muted-hint-card.tsx'), words]))[0].MutedHintCard;
});
