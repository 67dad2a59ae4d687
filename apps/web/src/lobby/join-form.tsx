/**
 * The name and the Join button.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import type { JoinProblem } from '../room/join-problem.ts';
import buttons from '../ui/buttons.module.css';
import { Icon } from '../ui/icon.tsx';
import { Notice } from '../ui/notice.tsx';
import { TestLink } from '../ui/test-link.tsx';
import styles from './join-form.module.css';
import type { LobbyPageProps } from './lobby-page.tsx';
import { joinLabel } from './join-label.ts';

const MAX_NAME_LENGTH = 64;

/** Joins under the name that is entered; the name is remembered. */
export function JoinForm({ session, problem, joining }: LobbyPageProps): JSX.Element {
  const [name, setName] = useState(session.rememberedName);
  const [passcode, setPasscode] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const isAsked = problem?.asksPasscode === true || passcode !== undefined;
  useEffect(() => {
    if (problem?.asksPasscode === true) field.current?.focus();
  }, [problem]);
  // Who has just been asked for a passcode has not failed yet.
  const isAgain = problem !== undefined && problem.asksPasscode !== true;
  const isFirst = session.inside.value?.count === 0;
  const label = joinLabel(session.camera.value, session.microphone.value, isFirst);

  const join = (event: SubmitEvent): void => {
    event.preventDefault();
    void session.join(name.trim(), passcode);
  };

  return (
    <form class={styles.form} onSubmit={join}>
      <label class={styles.field}>
        <span>{t('lobby.name')}</span>
        <input
          name="name"
          value={name}
          placeholder={t('lobby.nameHint')}
          maxLength={MAX_NAME_LENGTH}
          autocomplete="name"
          enterkeyhint="go"
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      {isAsked && (
        <label class={styles.field}>
          <span>{t('lobby.passcode')}</span>
          <input
            ref={field}
            name="passcode"
            value={passcode ?? ''}
            maxLength={MAX_NAME_LENGTH}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            enterkeyhint="go"
            onInput={(event) => setPasscode(event.currentTarget.value)}
          />
        </label>
      )}
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <div class={styles.dock}>
        <button
          type="submit"
          class={`${buttons.primary} ${styles.join}`}
          aria-busy={joining}
          aria-disabled={joining}
        >
          {joining && <Icon name="loader" />}
          {joining ? t('lobby.joining') : t(isAgain ? 'lobby.tryAgain' : label)}
        </button>
      </div>
    </form>
  );
}

function ProblemNotice({ problem }: { problem: JoinProblem }): JSX.Element {
  return (
    <Notice title={t(problem.title)} body={t(problem.help)} urgent>
      {problem.isTestable && <TestLink />}
    </Notice>
  );
}
