/**
 * The page after a call: say why it ended, and let people back in.
 * @module
 */
import type { JSX } from 'preact';
import type { LeaveReason } from '@parley/client';
import { t } from '../i18n/language.ts';
import type { MessageKey } from '../i18n/message-key.ts';
import type { RoomSession } from '../room/room-session.ts';
import { navigate } from '../route/router.ts';
import buttons from '../ui/buttons.module.css';
import { Icon } from '../ui/icon.tsx';
import { MessagePage } from '../ui/message-page.tsx';
import { TestLink } from '../ui/test-link.tsx';

const TEXTS = {
  left: { title: 'left.title', body: 'left.body' },
  lost: { title: 'left.lost.title', body: 'left.lost.body' },
  expired: { title: 'left.expired.title', body: 'left.expired.body' },
  removed: { title: 'left.removed.title', body: 'left.body' },
} as const satisfies Record<LeaveReason, { title: MessageKey; body: MessageKey }>;

/** Rejoin, or go home. */
export function LeftPage(props: { session: RoomSession; reason: LeaveReason }): JSX.Element {
  const { title, body } = TEXTS[props.reason];
  return (
    <MessagePage title={t(title)} body={t(body)}>
      <button type="button" class={buttons.primary} onClick={() => void props.session.rejoin()}>
        <Icon name="retry" />
        {t('left.rejoin')}
      </button>
      <button type="button" class={buttons.secondary} data-home onClick={() => navigate('/')}>
        <Icon name="house" />
        {t('app.toHome')}
      </button>
      {props.reason === 'lost' && <TestLink />}
    </MessagePage>
  );
}
