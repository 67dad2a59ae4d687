/**
 * What the door asks of people in the call: hosts decide about those who knock, and everybody may be
 * asked to mute.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { announce } from '../ui/announcer.ts';
import buttons from '../ui/buttons.module.css';
import styles from './door-toasts.module.css';

/** Somebody who waits to be let in. */
export interface Knocker {
  readonly id: string;
  readonly name: string;
}

/** What is asked, and what the answers do. */
export interface DoorToastsProps {
  readonly knocks: readonly Knocker[];
  readonly onDecide: (knock: Knocker, isWelcome: boolean) => void;
  /** The name of the host who asks us to mute. */
  readonly muteAskedBy: string | undefined;
  readonly onMute: (isMuted: boolean) => void;
}

/** One card for each question; the oldest first. */
export function DoorToasts(props: DoorToastsProps): JSX.Element {
  const { knocks, onDecide, muteAskedBy, onMute } = props;
  return (
    <div class={styles.toasts}>
      {knocks.map((knock) => (
        <Toast
          key={knock.id}
          text={t('call.knock', { name: knock.name || t('call.guest') })}
          yes={t('call.knock.admit')}
          no={t('call.knock.refuse')}
          onAnswer={(isYes) => onDecide(knock, isYes)}
        />
      ))}
      {muteAskedBy !== undefined && (
        <Toast
          text={t('call.muteAsked', { name: muteAskedBy || t('call.guest') })}
          yes={t('device.mute')}
          no={t('call.muteAsked.no')}
          onAnswer={onMute}
        />
      )}
    </div>
  );
}

function Toast(props: {
  text: string;
  yes: string;
  no: string;
  onAnswer: (isYes: boolean) => void;
}): JSX.Element {
  const { text, yes, no, onAnswer } = props;
  useEffect(() => announce(text), [text]);
  return (
    <section class={styles.toast} aria-label={text}>
      <p dir="auto">{text}</p>
      <button type="button" class={buttons.primary} onClick={() => onAnswer(true)}>
        {yes}
      </button>
      <button type="button" class={buttons.secondary} onClick={() => onAnswer(false)}>
        {no}
      </button>
    </section>
  );
}
