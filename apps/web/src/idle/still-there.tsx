/**
 * Asks somebody who has been alone for long, after a time that few calls reach: so the question is fetched then.
 * @module
 */
import { h } from 'preact';
import type { ComponentType, JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { loadWords } from '../i18n/language.ts';
import type { Call, RoomSession } from '../room/room-session.ts';
import { useLazyView } from '../ui/use-lazy-view.ts';
import { IdleGuard } from './idle-guard.ts';
import type { StillThereCardProps } from './still-there-card.tsx';

/** The question, while it stands. */
export function StillThere(props: { session: RoomSession; call: Call }): JSX.Element | null {
  const { session, call } = props;
  const guard = useMemo(() => new IdleGuard(() => void session.leave()), [session]);
  const isAlone = call.snapshot.value.peers.length === 0;
  useEffect(() => {
    guard.setAlone(isAlone);
    return () => guard.close();
  }, [guard, isAlone]);
  const isAsked = guard.remainingMs.value !== undefined;
  return isAsked ? <Question session={session} guard={guard} /> : null;
}

function Question(props: StillThereCardProps): JSX.Element | null {
  const view = useLazyView(loadCard);
  return typeof view === 'string' ? null : h(view, props);
}

async function loadCard(): Promise<ComponentType<StillThereCardProps>> {
  const words = loadWords('tool');
  return (await Promise.all([import('./still-there-card.tsx'), words]))[0].StillThereCard;
}
