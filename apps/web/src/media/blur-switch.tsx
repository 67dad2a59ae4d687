/**
 * The place of the switch that blurs the background. What it needs is fetched when it is first shown.
 * @module
 */
import { h } from 'preact';
import type { ComponentType, JSX } from 'preact';
import { loadWords } from '../i18n/language.ts';
import type { RoomSession } from '../room/room-session.ts';
import { useLazyView } from '../ui/use-lazy-view.ts';

/** The switch, once it is there. */
export function BlurSwitch(props: { session: RoomSession }): JSX.Element | null {
  const view = useLazyView(loadSwitch);
  return typeof view === 'string' ? null : h(view, props);
}

async function loadSwitch(): Promise<ComponentType<{ session: RoomSession }>> {
  const words = loadWords('tool');
  return (await Promise.all([import('../blur/blur-panel.tsx'), words]))[0].BlurPanel;
}
