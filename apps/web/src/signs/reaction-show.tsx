/**
 * Reactions float up beside the people for a moment.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import type { Call } from '../room/room-session.ts';
import styles from './reaction-show.module.css';
import type { Signs } from './signs.ts';

/** The reactions of the last moments. */
export function ReactionShow({ call, signs }: { call: Call; signs: Signs }): JSX.Element {
  const nameOf = (id: string | undefined): string => {
    if (id === undefined) return t('call.you');
    return call.snapshot.value.peers.find((peer) => peer.id === id)?.name || t('call.guest');
  };
  return (
    <ul class={styles.reactions} aria-live="polite" aria-label={t('call.reactions')}>
      {signs.reactions.value.map(({ id, reaction, from }) => (
        <li key={id} style={{ '--lane': id % 5 }}>
          <span>{reaction}</span> <small dir="auto">{nameOf(from)}</small>
        </li>
      ))}
    </ul>
  );
}
