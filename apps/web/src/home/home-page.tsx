/**
 * The first page: what this is, start a call, or enter one.
 * @module
 */
import { createLinkKey, formatLinkKey } from '@parley/client';
import type { JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { formatRoomPath } from '../route/route.ts';
import { navigate } from '../route/router.ts';
import buttons from '../ui/buttons.module.css';
import { Icon } from '../ui/icon.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { TestLink } from '../ui/test-link.tsx';
import { useFocusOnArrival } from '../ui/use-focus-on-arrival.ts';
import styles from './home-page.module.css';
import { Illustration } from './illustration.tsx';
import { parseRoomInput } from './room-input.ts';
import { createRoomName } from './room-name.ts';

/** Home. */
export function HomePage(): JSX.Element {
  const heading = useFocusOnArrival();
  useEffect(() => {
    document.title = t('app.name');
  }, []);

  return (
    <>
      <PageHeader />
      <main class={styles.page}>
        <div class={styles.words}>
          <h1 ref={heading} tabIndex={-1}>
            {t('home.title')}
          </h1>
          <p class={styles.lead}>{t('home.lead')}</p>
          <div class={styles.actions}>
            <button type="button" class={`${buttons.primary} ${styles.start}`} onClick={startCall}>
              <Icon name="video" size={22} />
              {t('home.newCall')}
            </button>
            <p class={styles.or}>{t('home.or')}</p>
            <EnterForm />
            <TestLink />
          </div>
        </div>
        <Illustration />
      </main>
    </>
  );
}

function startCall(): void {
  const room = createRoomName((bytes) => {
    crypto.getRandomValues(bytes);
  });
  // Browsers keep their cryptography from pages that are not secure; a call without a key works there.
  const key = isSecureContext ? formatLinkKey(createLinkKey()) : '';
  navigate(`${formatRoomPath(room)}${key}`);
}

function EnterForm(): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const [isWrong, setWrong] = useState(false);
  const errorId = useId();

  const enter = (event: SubmitEvent): void => {
    event.preventDefault();
    const destination = parseRoomInput(input.current?.value ?? '', location.origin);
    setWrong(destination.kind === 'nowhere');
    if (destination.kind === 'here') navigate(destination.path);
    if (destination.kind === 'elsewhere') location.assign(destination.url);
    if (destination.kind === 'nowhere') input.current?.focus();
  };

  return (
    <form class={styles.enter} onSubmit={enter} noValidate>
      <label class={styles.field}>
        <span>{t('home.input')}</span>
        <input
          ref={input}
          name="room"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          enterkeyhint="go"
          aria-invalid={isWrong}
          aria-describedby={isWrong ? errorId : undefined}
          onInput={() => setWrong(false)}
        />
      </label>
      <button type="submit" class={buttons.secondary}>
        {t('home.go')}
        <Icon name="arrow-right" size={18} />
      </button>
      <p id={errorId} class={styles.error} role="alert">
        {isWrong ? t('home.inputError') : ''}
      </p>
    </form>
  );
}
