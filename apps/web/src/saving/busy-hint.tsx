/**
 * A word to somebody whose device is too busy, once in a call.
 * @module
 */
import { h } from 'preact';
import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CallContext } from '../call/call-context.ts';
import { loadWords } from '../i18n/language.ts';
import { useLazyView } from '../ui/use-lazy-view.ts';
import type { BusyCardProps } from './busy-card.tsx';
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

function Card(props: BusyCardProps): JSX.Element | null {
  const view = useLazyView(loadCard);
  return typeof view === 'string' ? null : h(view, props);
}

async function loadCard(): Promise<ComponentType<BusyCardProps>> {
  const words = loadWords('tool');
  return (await Promise.all([import('./busy-card.tsx'), words]))[0].BusyCard;
}
