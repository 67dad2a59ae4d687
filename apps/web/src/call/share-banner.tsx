/**
 * Says that the others see my screen, or why they do not.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { announce } from '../ui/announcer.ts';
import buttons from '../ui/buttons.module.css';
import styles from './call-page.module.css';
import { Glyph, SCREEN } from './glyph.tsx';
import { lazyCard } from './lazy-card.ts';
import type { MyScreen } from './share-switch.tsx';

/** A line above the people while I share; another one when sharing did not work. */
export function ShareBanner({ screen }: { screen: MyScreen }): JSX.Element | null {
  const { state, error } = screen.snapshot.value;
  if (state === 'live') return <Sharing screen={screen} />;
  // Who closed the browser's question has changed their mind; that is no problem to tell of.
  if (error === undefined || error.code === 'ERR_MEDIA_DENIED_BY_BROWSER') return null;
  return <Problem screen={screen} />;
}

const Problem = lazyCard((cards) => cards.ShareProblem);

function Sharing({ screen }: { screen: MyScreen }): JSX.Element {
  useEffect(() => {
    announce(t('announce.sharing'));
    return () => announce(t('announce.sharingEnded'));
  }, []);
  return (
    <div class={styles.sharing}>
      <Glyph path={SCREEN} />
      <p>{t('call.share.active')}</p>
      <button type="button" class={buttons.secondary} onClick={() => void screen.slot.off()}>
        {t('call.share.stop')}
      </button>
    </div>
  );
}
