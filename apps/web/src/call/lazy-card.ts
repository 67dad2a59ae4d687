/**
 * A view that few calls need, fetched with its words.
 * @module
 */
import type { ComponentType, FunctionComponent } from 'preact';
import { withWords } from '../i18n/language.ts';
import { lazyView } from '../ui/use-lazy-view.ts';

const load = () => import('./rare-card.ts');

/** A component that shows nothing until the view that `pick` takes has been fetched. */
export function lazyCard<Props extends object>(
  pick: (cards: Awaited<ReturnType<typeof load>>) => ComponentType<Props>,
): FunctionComponent<Props> {
  return lazyView(async () => pick(await withWords(load(), 'tool')));
}
