/**
 * The way to the test of connection and devices.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { TEST_PATH } from '../route/route.ts';
import styles from './test-link.module.css';

/** Opens the test beside the page: whoever is in a room stays there. */
export function TestLink(): JSX.Element {
  return (
    <a class={styles.link} href={TEST_PATH} target="_blank" rel="noopener">
      {t('app.test')}
    </a>
  );
}
