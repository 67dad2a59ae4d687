/**
 * What to do with a link that has no key.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { Icon } from '../ui/icon.tsx';
import styles from './call-page.module.css';

/** The line above the people. */
export function LockedProblem(): JSX.Element {
  return (
    <div class={styles.banner} role="alert">
      <Icon name="link" />
      <p>
        <strong>{t('call.locked.title')}</strong> {t('call.locked.body')}
      </p>
    </div>
  );
}
