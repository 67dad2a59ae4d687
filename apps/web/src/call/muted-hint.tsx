/**
 * Listens to somebody who has muted their microphone. What does it is fetched then.
 * @module
 */
import { h } from 'preact';
import type { ComponentType, JSX } from 'preact';
import { loadWords } from '../i18n/language.ts';
import type { RoomSession } from '../room/room-session.ts';
import { useLazyView } from '../ui/use-lazy-view.ts';
import type { MutedHintCardProps } from './muted-hint-card.tsx';

/** The hint, while it is needed. */
export function MutedHint({ session }: { session: RoomSession }): JSX.Element | null {
  const { muted, track } = session.microphone.value;
  return muted && track !== undefined ? <Hint track={track} /> : null;
}

/** What cannot be fetched gives no hint; the call goes on. */
function Hint(props: MutedHintCardProps): JSX.Element | null {
  const view = useLazyView(loadCard);
  return typeof view === 'string' ? null : h(view, props);
}

async function loadCard(): Promise<ComponentType<MutedHintCardProps>> {
  const words = loadWords('tool');
  return (await Promise.all([import('./muted-hint-card.tsx'), words]))[0].MutedHintCard;
}
