/**
 * The button that closes a panel or a card.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { Icon } from '../ui/icon.tsx';
import styles from './close-button.module.css';

/** A cross, named for those who listen. */
export function CloseButton({ onClick }: { onClick: () => void }): JSX.Element {
  return (
    <button type="button" class={styles.close} aria-label={t('call.close')} onClick={onClick}>
      <Icon name="close" />
    </button>
  );
}
