/**
 * Help for devices that do not start. Most people never see it, so it is fetched when there is something to help with.
 * @module
 */
import type { JSX } from 'preact';
import { withWords } from '../i18n/language.ts';
import type { MediaProblemCardsProps } from '../lobby/media-problem-cards.tsx';
import { lazyView } from '../ui/use-lazy-view.ts';

/** The cards, while there is a problem. */
export function DeviceHelp(props: MediaProblemCardsProps): JSX.Element | null {
  return (props.camera.error ?? props.microphone.error) === undefined ? null : <Cards {...props} />;
}

const Cards = lazyView(
  async () =>
    (await withWords(import('../lobby/media-problem-cards.tsx'), 'problem')).MediaProblemCards,
);
