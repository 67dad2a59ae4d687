/**
 * What everybody in the call must know at once, in lines above the people.
 * @module
 */
import { h } from 'preact';
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import buttons from '../ui/buttons.module.css';
import { Icon } from '../ui/icon.tsx';
import type { CallContext } from './call-context.ts';
import styles from './call-page.module.css';
import { Glyph, RECORD } from './glyph.tsx';
import { LockedBanner } from './locked-banner.tsx';
import { ShareBanner } from './share-banner.tsx';

/** All lines that are needed now. */
export function Banners({
  context: { call, screen, tools, saver, recording },
}: {
  context: CallContext;
}): JSX.Element {
  const { state, peers } = call.snapshot.value;
  const recorders = tools.signs.recorders.value;
  const names = peers
    .filter(({ id }) => recorders.includes(id))
    .map(({ name }) => name || t('call.guest'));
  return (
    <>
      {state === 'reconnecting' && <ReconnectingBanner />}
      {recording.value !== undefined && h(recording.value.Line, {})}
      {names.length > 0 && (
        <div class={styles.banner} data-recorded>
          <Glyph path={RECORD} />
          <p>{t('call.recordedBy', { name: names.join(', ') })}</p>
        </div>
      )}
      {saver.mode.value === 'audio' && (
        <div class={styles.sharing}>
          <p>{t('call.audioOnly')}</p>
          <button type="button" class={buttons.secondary} onClick={() => saver.choose('full')}>
            {t('call.audioOnly.end')}
          </button>
        </div>
      )}
      <LockedBanner peers={peers} />
      <ShareBanner screen={screen} />
    </>
  );
}

function ReconnectingBanner(): JSX.Element {
  return (
    <div class={styles.banner}>
      <Icon name="loader" />
      <p>
        <strong>{t('call.reconnecting.title')}</strong> {t('call.reconnecting.body')}
      </p>
    </div>
  );
}
