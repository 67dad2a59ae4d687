/**
 * Before a room that is entered by knocking: the host has been told, and decides.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import buttons from '../ui/buttons.module.css';
import { Icon } from '../ui/icon.tsx';
import { MessagePage } from '../ui/message-page.tsx';
import type { RoomSession } from './room-session.ts';

/** Waits until somebody inside has decided, or the person has had enough. */
export function WaitingPage({ session }: { session: RoomSession }): JSX.Element {
  return (
    <MessagePage title={t('waiting.title')} body={t('waiting.body')}>
      <Icon name="loader" size={28} />
      <button type="button" class={buttons.secondary} onClick={() => session.stopWaiting()}>
        {t('waiting.cancel')}
      </button>
    </MessagePage>
  );
}
