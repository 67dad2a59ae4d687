/**
 * The way to the test of connection and devices.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { readInvitation } from '../room/invitation.ts';
import { TEST_PATH } from '../route/route.ts';
import { route } from '../route/router.ts';
import { TAB_MEMORY } from './tab-memory.ts';
import styles from './test-link.module.css';

/** Opens the test beside the page: whoever is in a room stays there. Who was invited there is invited to the test. */
export function TestLink(): JSX.Element {
  const { page, room } = { room: '', ...route.value };
  const token = page === 'room' ? readInvitation(room, TAB_MEMORY) : undefined;
  const href = token === undefined ? TEST_PATH : `${TEST_PATH}#t=${encodeURIComponent(token)}`;
  return (
    <a class={styles.link} href={href} target="_blank" rel="noopener">
      {t('app.test')}
    </a>
  );
}
