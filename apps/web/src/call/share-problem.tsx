/**
 * Says why the others do not see my screen.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import buttons from '../ui/buttons.module.css';
import styles from './call-page.module.css';
import { Glyph, SCREEN } from './glyph.tsx';
import type { MyScreen } from './share-switch.tsx';

/** The line above the people, until the person closes it. */
export function ShareProblem({ screen }: { screen: MyScreen }): JSX.Element {
  return (
    <div class={styles.banner}>
      <Glyph path={SCREEN} />
      <p>{t('call.share.failed')}</p>
      <button type="button" class={buttons.secondary} onClick={() => void screen.slot.off()}>
        {t('call.close')}
      </button>
    </div>
  );
}
