/**
 * A word to somebody whose device is too busy, once in a call.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CallContext } from '../call/call-context.ts';
import { lazyCard } from '../call/lazy-card.ts';
import { watchBusy } from './watch-busy.ts';

/** The card, while it is needed. */
export function BusyHint({ context }: { context: CallContext }): JSX.Element | null {
  const { snapshot } = context.call;
  const [stage, setStage] = useState<'calm' | 'busy' | 'told'>('calm');
  useEffect(
    () =>
      stage === 'calm' ? watchBusy({ peers: snapshot, onBusy: () => setStage('busy') }) : undefined,
    [stage, snapshot],
  );
  return stage === 'busy' ? <Card context={context} onClose={() => setStage('told')} /> : null;
}

const Card = lazyCard((cards) => cards.BusyCard);
