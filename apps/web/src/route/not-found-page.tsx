/**
 * An address that names nothing.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import buttons from '../ui/buttons.module.css';
import { Icon } from '../ui/icon.tsx';
import { MessagePage } from '../ui/message-page.tsx';
import { navigate } from './router.ts';

/** Says that the link is broken and leads home. */
export function NotFoundPage(): JSX.Element {
  useEffect(() => {
    document.title = t('app.name');
  }, []);
  return (
    <MessagePage title={t('app.notFound.title')} body={t('app.notFound.body')}>
      <button type="button" class={buttons.primary} onClick={() => navigate('/')}>
        <Icon name="house" />
        {t('app.toHome')}
      </button>
    </MessagePage>
  );
}
