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
import type { MyScreen } from './share-switch.tsx';

/** A line above the people while I share; another one when sharing did not work. */
export function ShareBanner({ screen }: { screen: MyScreen }): JSX.Element | null {
  const { state, error } = screen.snapshot.value;
  if (state === 'live') return <Sharing screen={screen} />;
  // Who closed the browser's question has changed their mind; that is no problem to tell of.
  if (error === undefined || error.code === 'ERR_MEDIA_DENIED_BY_BROWSER') return null;
  return (
    <Line tone={styles.banner} text={t('call.share.failed')}>
      <StopButton screen={screen} label={t('call.close')} />
    </Line>
  );
}

function Sharing({ screen }: { screen: MyScreen }): JSX.Element {
  useEffect(() => {
    announce(t('announce.sharing'));
    return () => announce(t('announce.sharingEnded'));
  }, []);
  return (
    <Line tone={styles.sharing} text={t('call.share.active')}>
      <StopButton screen={screen} label={t('call.share.stop')} />
    </Line>
  );
}

function Line(props: {
  tone: string | undefined;
  text: string;
  children: JSX.Element;
}): JSX.Element {
  return (
    <div class={props.tone}>
      <Glyph path={SCREEN} />
      <p>{props.text}</p>
      {props.children}
    </div>
  );
}

function StopButton({ screen, label }: { screen: MyScreen; label: string }): JSX.Element {
  return (
    <button type="button" class={buttons.secondary} onClick={() => void screen.slot.off()}>
      {label}
    </button>
  );
}
