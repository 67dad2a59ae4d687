/**
 * The title of the browser tab: where one is, and what somebody looking at another tab must know. Pure.
 * @module
 */
import type { AppTranslate } from '../i18n/message-key.ts';
import { MARK } from '../ui/mark.ts';

/** What the title depends on. */
export interface TitleState {
  readonly stage: 'lobby' | 'joining' | 'waiting' | 'call' | 'left';
  readonly room: string;
  readonly muted: boolean;
  readonly reconnecting: boolean;
}

/** A dot on the mark, in colours that say whether somebody hears us. */
const DOT = (color: string): string =>
  `<circle cx="25" cy="7" r="6" fill="${color}" stroke="#fff" stroke-width="2"/>`;
const SLASH = '<path d="m22 4 6 6" stroke="#fff" stroke-width="2"/>';

/**
 * The icon of the tab: in a call it has a dot, and a crossed-out one when nobody hears us. A whole picture as an address,
 * because the server may be away when it is shown.
 */
export function pageIcon({ stage, muted }: Pick<TitleState, 'stage' | 'muted'>): string {
  const bubbles = MARK.map(([path, color]) => `<path d="${path}" fill="${color}"/>`).join('');
  const sign = muted ? DOT('#70838a') + SLASH : DOT('#c5303a');
  const inside = stage === 'call' ? bubbles + sign : bubbles;
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${inside}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(picture)}`;
}

/** The title, most important word first: tabs are narrow. */
export function pageTitle(t: AppTranslate, state: TitleState): string {
  const name = t('app.name');
  const place = state.stage === 'left' ? t('title.left', { room: state.room }) : state.room;
  const title = `${place} - ${name}`;
  if (state.stage !== 'call') return title;
  if (state.reconnecting) return `${t('title.reconnecting')} ${title}`;
  return state.muted ? t('title.muted', { title }) : title;
}
