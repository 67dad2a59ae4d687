/**
 * Top of every page but the call: the way home, and the language.
 * @module
 */
import type { JSX } from 'preact';
import { navigate } from '../route/router.ts';
import { chooseLanguage, locale, t } from '../i18n/language.ts';
import { LOCALE_NAMES, LOCALES, isLocale } from '../i18n/locale.ts';
import { Icon } from './icon.tsx';
import { Logo } from './logo.tsx';
import styles from './page-header.module.css';

/** Logo and language menu. */
export function PageHeader(): JSX.Element {
  return (
    <header class={styles.header}>
      <a
        class={styles.logo}
        href="/"
        data-home
        aria-label={t('app.home')}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          navigate('/');
        }}
      >
        <Logo />
        <span>{t('app.name')}</span>
      </a>
      <LanguageMenu />
    </header>
  );
}

function LanguageMenu(): JSX.Element {
  return (
    <label class={styles.language}>
      <Icon name="languages" size={18} />
      <span class="visually-hidden">{t('app.language')}</span>
      <select
        value={locale.value}
        onChange={(event) => {
          const wanted = event.currentTarget.value;
          if (isLocale(wanted)) void chooseLanguage(wanted);
        }}
      >
        {LOCALES.map((option) => (
          <option key={option} value={option} lang={option}>
            {LOCALE_NAMES[option]}
          </option>
        ))}
      </select>
    </label>
  );
}
