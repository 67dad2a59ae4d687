/**
 * Asks somebody who has been alone for long, after a time that few calls reach: so the question is fetched then.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { lazyCard } from '../call/lazy-card.ts';
import type { Call, RoomSession } from '../room/room-session.ts';
import { IdleGuard } from './idle-guard.ts';

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

const Question = lazyCard((cards) => cards.StillThereCard);
