/**
 * The place of the switch that blurs the background. What it needs is fetched when it is first shown.
 * @module
 */
import type { FunctionComponent } from 'preact';
import { loadWords } from '../i18n/language.ts';
import type { RoomSession } from '../room/room-session.ts';
import { lazyView } from '../ui/use-lazy-view.ts';

/** The switch, once it is there. */
export const BlurSwitch: FunctionComponent<{ session: RoomSession }> = lazyView(async () => {
  const words = loadWords('tool');
  return (await Promise.all([import('../blur/blur-panel.tsx'), words]))[0].BlurPanel;
});
