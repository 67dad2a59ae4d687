/**
 * What was found, row by row.
 * @module
 */
import type { Finding, FindingStatus } from '@parley/client/checkup';
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { Icon } from '../ui/icon.tsx';
import type { IconName } from '../ui/icon.tsx';
import styles from './test-page.module.css';
import type { FindingWords } from './finding-words.ts';

/** A row, and how it is read. */
export interface TableRow {
  readonly finding: Finding;
  readonly words: FindingWords;
}

const ICONS: Readonly<Record<FindingStatus, IconName>> = {
  running: 'loader',
  ok: 'check',
  warn: 'alert',
  fail: 'close',
  skip: 'arrow-right',
};

/** The table. What to do stands with what went wrong. */
export function FindingTable({ rows }: { rows: readonly TableRow[] }): JSX.Element {
  return (
    <table class={styles.table}>
      <caption class="visually-hidden">{t('test.found')}</caption>
      <thead class="visually-hidden">
        <tr>
          <th scope="col">{t('test.check')}</th>
          <th scope="col">{t('test.found')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ finding: { check, status }, words }) => (
          <tr key={check} data-check={check} data-status={status}>
            <th scope="row">
              <span class={styles.sign}>
                <Icon name={ICONS[status]} />
              </span>
              {words.name}
            </th>
            <td>
              <span class="visually-hidden">{words.status}: </span>
              {words.detail}
              {words.fix !== undefined && <p class={styles.fix}>{words.fix}</p>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
