/**
 * The link as a QR code, for the phone of somebody in the same room. Drawn here: nobody else sees the link.
 * @module
 */
import type { JSX } from 'preact';
import { encode } from 'uqr';
import { t } from '../i18n/language.ts';
import styles from './qr-card.module.css';

/** The quiet zone that readers need, in modules. */
const BORDER = 4;

/** The code of `link`. */
export function QrCard({ link }: { link: string }): JSX.Element {
  const { data, size } = encode(link, { border: BORDER });
  const path = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  return (
    <svg class={styles.code} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t('call.qr')}>
      <path d={path} />
    </svg>
  );
}
