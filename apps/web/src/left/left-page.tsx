/**
 * The page after a call: say why it ended, and let people back in.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import type { RoomSession } from '../room/room-session.ts';
import { navigate } from '../route/router.ts';
import buttons from '../ui/buttons.module.css';
import { Icon } from '../ui/icon.tsx';
import { MessagePage } from '../ui/message-page.tsx';

/** Rejoin, or go home. */
export function LeftPage(props: { session: RoomSession; reason: 'left' | 'lost' }): JSX.Element {
  const isLost = props.reason === 'lost';
  return (
    <MessagePage
      title={t(isLost ? 'left.lost.title' : 'left.title')}
      body={t(isLost ? 'left.lost.body' : 'left.body')}
    >
      <button type="button" class={buttons.primary} onClick={() => void props.session.rejoin()}>
        <Icon name="retry" />
        {t('left.rejoin')}
      </button>
      <button type="button" class={buttons.secondary} onClick={() => navigate('/')}>
        <Icon name="house" />
        {t('app.toHome')}
      </button>
    </MessagePage>
  );
}
