/**
 * A word to somebody whose device is too busy, once in a call.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CallContext } from '../call/call-context.ts';
import { loadWords } from '../i18n/language.ts';
import { lazyView } from '../ui/use-lazy-view.ts';
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

const Card = lazyView(async () => {
  const words = loadWords('tool');
  return (await Promise.all([import('./busy-card.tsx'), words]))[0].BusyCard;
});
