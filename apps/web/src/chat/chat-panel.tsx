/**
 * The chat: what was said, and a field to say something.
 * @module
 */
import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { locale, t } from '../i18n/language.ts';
import type { PanelProps } from '../panel/panel-host.tsx';
import buttons from '../ui/buttons.module.css';
import { Glyph } from '../call/glyph.tsx';
import type { Chat } from './chat.ts';
import type { ChatMessage } from './chat-message.ts';
import { MAX_TEXT_LENGTH } from './chat-message.ts';
import styles from './chat-panel.module.css';
import { FileLines } from './file-lines.tsx';
import { splitLinks } from './links.ts';

const SEND =
  'M14.536 21.686a.5.5 0 0 0 .937-.024l6.5-19a.496.496 0 0 0-.635-.635l-19 6.5a.5.5 0 0 0-.024.937l7.93 3.18a2 2 0 0 1 1.112 1.11zM21.854 2.147l-10.94 10.939';

/** The inside of the chat panel. */
export function ChatPanel({ context }: PanelProps): JSX.Element {
  const { chat } = context.tools;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    chat.setOpen(true);
    return () => chat.setOpen(false);
  }, [chat]);
  useSignalEffect(() => {
    void chat.messages.value;
    void context.tools.files.transfers.value;
    // After the new line is drawn.
    requestAnimationFrame(() => list.current?.scrollTo({ top: list.current.scrollHeight }));
  });
  useEffect(() => {
    // Where writing needs no keyboard on the screen, that would cover the messages.
    if (matchMedia('(hover: hover)').matches)
      list.current?.parentElement?.querySelector('textarea')?.focus();
  }, []);
  const messages = chat.messages.value;
  return (
    <div class={styles.chat}>
      <div ref={list} class={styles.scroll}>
        {messages.length === 0 && <p class={styles.empty}>{t('chat.empty')}</p>}
        <ol class={styles.messages} aria-live="polite" aria-label={t('call.chat')}>
          {messages.map((message) => (
            <Message key={message.id} message={message} isMine={chat.isMine(message)} />
          ))}
        </ol>
        <FileLines files={context.tools.files} />
      </div>
      <Compose chat={chat} onFiles={(files) => context.tools.files.send(files)} />
    </div>
  );
}

function Message(props: { message: ChatMessage; isMine: boolean }): JSX.Element {
  const { message, isMine } = props;
  const time = new Date(message.at);
  const clock = new Intl.DateTimeFormat(locale.value, { timeStyle: 'short' });
  return (
    <li class={styles.message} data-mine={isMine || undefined}>
      <p class={styles.byline}>
        <strong>{isMine ? t('call.you') : message.name || t('call.guest')}</strong>{' '}
        <time dateTime={time.toISOString()}>{clock.format(time)}</time>
      </p>
      <p class={styles.text} dir="auto">
        {splitLinks(message.text).map(({ text, href }) =>
          href === undefined ? (
            text
          ) : (
            <a key={text} href={href} target="_blank" rel="noopener noreferrer nofollow">
              {text}
            </a>
          ),
        )}
      </p>
    </li>
  );
}

interface ComposeProps {
  readonly chat: Chat;
  readonly onFiles: (files: readonly File[]) => void;
}

function Compose({ chat, onFiles }: ComposeProps): JSX.Element {
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const send = (): void => {
    if (field.current === null) return;
    chat.say(field.current.value);
    field.current.form?.reset();
    field.current.focus();
  };
  return (
    <form
      class={styles.compose}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.form?.reset();
        }}
      />
      <button
        type="button"
        class={buttons.quiet}
        aria-label={t('files.send')}
        title={t('files.send')}
        onClick={() => picker.current?.click()}
      >
        <Glyph path="m16 6-8.414 8.586a2 2 0 0 0 2.829 2.829l8.414-8.586a4 4 0 1 0-5.657-5.657l-8.379 8.551a6 6 0 1 0 8.485 8.485l8.379-8.551" />
      </button>
      <textarea
        ref={field}
        rows={1}
        maxLength={MAX_TEXT_LENGTH}
        aria-label={t('chat.field')}
        placeholder={t('chat.field')}
        onKeyDown={(event) => {
          // While a Korean syllable is being put together, Enter belongs to it.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <button
        type="submit"
        class={buttons.primary}
        aria-label={t('chat.send')}
        title={t('chat.send')}
      >
        <Glyph path={SEND} />
      </button>
    </form>
  );
}
