/**
 * Nobody else is here yet: the link to send.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import styles from './alone-card.module.css';
import { CopyLinkButton } from './copy-link-button.tsx';
import buttons from '../ui/buttons.module.css';

/** The invitation. */
export function AloneCard(): JSX.Element {
  return (
    <div class={styles.place}>
      <section class={styles.card} aria-labelledby="alone-title">
        <h2 id="alone-title">{t('call.alone.title')}</h2>
        <p>{t('call.alone.body')}</p>
        <div class={styles.link}>
          <input
            readOnly
            aria-label={t('call.alone.link')}
            value={location.href}
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyLinkButton class={buttons.primary} />
        </div>
      </section>
    </div>
  );
}
