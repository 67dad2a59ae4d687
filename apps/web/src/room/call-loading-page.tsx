/**
 * Shown when somebody joins faster than the call view arrives.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import buttons from '../ui/buttons.module.css';
import { Icon } from '../ui/icon.tsx';
import { MessagePage } from '../ui/message-page.tsx';

/** Waits, or offers to load the page again when the view cannot be fetched. */
export function CallLoadingPage({ failed }: { failed: boolean }): JSX.Element {
  if (!failed) {
    return (
      <MessagePage title={t('call.loading')} body="">
        <Icon name="loader" size={28} />
      </MessagePage>
    );
  }
  return (
    <MessagePage title={t('join.unreachable.title')} body={t('join.unreachable.body')}>
      <button type="button" class={buttons.primary} onClick={() => location.reload()}>
        <Icon name="retry" />
        {t('lobby.tryAgain')}
      </button>
    </MessagePage>
  );
}
