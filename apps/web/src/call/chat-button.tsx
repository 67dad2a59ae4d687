/**
 * Opens the chat, and says how much of it is new.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import type { CallContext } from './call-context.ts';
import bar from './control-bar.module.css';
import { Glyph, MESSAGE } from './glyph.tsx';

/** The button of the bar. */
export function ChatButton({ context: { view, tools } }: { context: CallContext }): JSX.Element {
  const isOpen = view.panel.value === 'chat';
  // A file that waits for an answer is news as well.
  const unread = isOpen ? 0 : tools.chat.unread.value + tools.files.waiting.value;
  const label = unread === 0 ? t('call.chat') : t('call.chatUnread', { count: unread });
  return (
    <button
      type="button"
      class={bar.round}
      aria-label={label}
      aria-expanded={isOpen}
      title={label}
      onClick={() => view.togglePanel('chat')}
    >
      <Glyph path={MESSAGE} size={22} />
      {unread > 0 && (
        <span class={bar.unread} aria-hidden="true">
          {unread > 99 ? '99+' : unread}
        </span>
      )}
    </button>
  );
}
