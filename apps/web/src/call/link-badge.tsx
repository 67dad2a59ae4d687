/**
 * How good the connection to one person is. It keeps quiet while all is well.
 * @module
 */
import type { RemotePeer } from '@parley/client';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import type { MessageKey } from '../i18n/message-key.ts';
import { observe } from '../ui/observe.ts';
import type { CallView } from './call-view.ts';
import { Glyph, SIGNAL } from './glyph.tsx';
import { linkSentence } from './link-sentence.ts';
import styles from './tile.module.css';

const QUALITIES = {
  good: 'link.good',
  fair: 'link.fair',
  poor: 'link.poor',
} as const satisfies Record<string, MessageKey>;

/** The badge of one tile; pressing it opens the details. */
export function LinkBadge(props: { name: string; peer: RemotePeer; view: CallView }): JSX.Element {
  const { name, peer, view } = props;
  const link = useMemo(() => observe(peer.link), [peer]).value;
  if (link.path === undefined) return <></>;
  const words = `${t(QUALITIES[link.quality])}: ${linkSentence(t, link)}`;
  return (
    <button
      type="button"
      class={styles.action}
      data-quality={link.quality}
      aria-label={`${t('link.to', { name })}. ${words}`}
      title={words}
      onClick={() => view.togglePanel('details')}
    >
      <Glyph path={SIGNAL[link.quality]} size={18} />
    </button>
  );
}
