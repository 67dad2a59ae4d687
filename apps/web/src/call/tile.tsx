/**
 * The frame around one person: picture or avatar, name, and what must be known about them.
 * @module
 */
import type { ComponentChildren, JSX } from 'preact';
import { t } from '../i18n/language.ts';
import type { MessageKey } from '../i18n/message-key.ts';
import { Avatar } from '../media/avatar.tsx';
import { Icon } from '../ui/icon.tsx';
import type { DataMode } from '../saving/data-mode.ts';
import { Glyph, HAND } from './glyph.tsx';
import styles from './tile.module.css';

/** What every tile shows. */
export interface TileProps {
  /** Untrusted text. */
  readonly name: string;
  /** Chooses the initials; a guest without a name has none. */
  readonly avatarName: string;
  readonly showAvatar: boolean;
  readonly muted: boolean;
  readonly isHandUp: boolean;
  /** How this person saves data. @default 'full' */
  readonly saving?: DataMode | undefined;
  /** A word about the connection, while there is something to say. */
  readonly status?: string | undefined;
  /** The media elements. */
  readonly children: ComponentChildren;
}

const SAVING = {
  full: undefined,
  low: 'call.saving.low',
  audio: 'call.saving.audio',
} as const satisfies Record<DataMode, MessageKey | undefined>;

/** The inside of a tile; the list item around it belongs to the caller. */
export function Tile(props: TileProps): JSX.Element {
  const saving = SAVING[props.saving ?? 'full'];
  return (
    <>
      {props.children}
      {props.showAvatar && <Avatar name={props.avatarName} />}
      {props.status !== undefined && <p class={styles.status}>{props.status}</p>}
      <p class={styles.caption}>
        {props.isHandUp && <HandBadge />}
        {props.muted && <MutedBadge />}
        <span class={styles.name}>{props.name}</span>
        {saving !== undefined && <span class={styles.saving}>{t(saving)}</span>}
      </p>
    </>
  );
}

function MutedBadge(): JSX.Element {
  return (
    <span class={styles.muted}>
      <Icon name="mic-off" size={16} />
      <span class="visually-hidden">{t('call.muted')}</span>
    </span>
  );
}

function HandBadge(): JSX.Element {
  return (
    <span class={styles.hand}>
      <Glyph path={HAND} size={16} />
      <span class="visually-hidden">{t('call.handUp')}</span>
    </span>
  );
}
