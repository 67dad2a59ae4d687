/**
 * The place of the switch that blurs the background. What it needs is fetched when it is first shown.
 * @module
 */
import type { FunctionComponent } from 'preact';
import { withWords } from '../i18n/language.ts';
import type { RoomSession } from '../room/room-session.ts';
import { lazyView } from '../ui/use-lazy-view.ts';

/** The switch, once it is there. */
export const BlurSwitch: FunctionComponent<{ session: RoomSession }> = lazyView(
  async () => (await withWords(import('../blur/blur-panel.tsx'), 'tool')).BlurPanel,
);
