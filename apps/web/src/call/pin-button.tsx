/**
 * Makes one person large.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { announce } from '../ui/announcer.ts';
import type { CallView } from './call-view.ts';
import { Glyph, PIN } from './glyph.tsx';
import styles from './tile.module.css';

/** The pin of one tile. */
export function PinButton(props: { name: string; peer: string; view: CallView }): JSX.Element {
  const { name, peer, view } = props;
  const isPinned = view.pinned.value === peer;
  const toggle = (): void => {
    view.togglePin(peer);
    announce(t(isPinned ? 'announce.unpinned' : 'announce.pinned', { name }));
  };
  return (
    <button
      type="button"
      class={styles.action}
      aria-pressed={isPinned}
      aria-label={t('call.pin', { name })}
      title={t(isPinned ? 'call.unpin' : 'call.pin', { name })}
      onClick={toggle}
    >
      <Glyph path={PIN} size={18} />
    </button>
  );
}
