/**
 * Copies the link to this call.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { announce } from '../ui/announcer.ts';
import { callLink } from '../ui/call-link.ts';
import { copyText } from '../ui/copy-text.ts';
import { Icon } from '../ui/icon.tsx';

const CONFIRMATION_MS = 2_500;

/** A button that says for a moment that it worked. */
export function CopyLinkButton(props: { class?: string | undefined }): JSX.Element {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), CONFIRMATION_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async (): Promise<void> => {
    const worked = await copyText(callLink());
    setCopied(worked);
    announce(t(worked ? 'call.linkCopied' : 'call.copyFailed'));
  };

  return (
    <button type="button" class={props.class} onClick={() => void copy()}>
      <Icon name={copied ? 'check' : 'link'} />
      <span>{t(copied ? 'call.linkCopied' : 'call.copyLink')}</span>
    </button>
  );
}
