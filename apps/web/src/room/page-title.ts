/**
 * The title of the browser tab: where one is, and what somebody looking at another tab must know. Pure.
 * @module
 */
import type { AppTranslate } from '../i18n/message-key.ts';

/** What the title depends on. */
export interface TitleState {
  readonly stage: 'lobby' | 'joining' | 'waiting' | 'call' | 'left';
  readonly room: string;
  readonly muted: boolean;
  readonly reconnecting: boolean;
}

/** The icon of the tab: in a call it has a dot, and a crossed-out one when nobody hears us. */
export function pageIcon({ stage, muted }: Pick<TitleState, 'stage' | 'muted'>): string {
  if (stage !== 'call') return '/favicon.svg';
  return muted ? '/favicon-muted.svg' : '/favicon-call.svg';
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
