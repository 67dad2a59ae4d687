/**
 * Nobody else is here yet: the link to send.
 * @module
 */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { t, withWords } from '../i18n/language.ts';
import buttons from '../ui/buttons.module.css';
import { callLink } from '../ui/call-link.ts';
import { lazyView } from '../ui/use-lazy-view.ts';
import styles from './alone-card.module.css';
import { CopyLinkButton } from './copy-link-button.tsx';
import { Glyph, QR, SHARE } from './glyph.tsx';

/** The invitation. */
export function AloneCard(): JSX.Element {
  const [isQrOpen, setQrOpen] = useState(false);
  return (
    <div class={styles.place}>
      <section class={styles.card} aria-labelledby="alone-title">
        <h2 id="alone-title">{t('call.alone.title')}</h2>
        <p>{t('call.alone.body')}</p>
        <div class={styles.link}>
          <input
            readOnly
            aria-label={t('call.alone.link')}
            value={callLink()}
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyLinkButton class={buttons.primary} />
        </div>
        <div class={styles.ways}>
          <ShareSheetButton />
          <button
            type="button"
            class={buttons.quiet}
            aria-expanded={isQrOpen}
            onClick={() => setQrOpen(!isQrOpen)}
          >
            <Glyph path={QR} />
            {t('call.showQr')}
          </button>
        </div>
        {isQrOpen && <LinkAsQr link={callLink()} />}
      </section>
    </div>
  );
}

/** The list of apps that a phone offers; nothing where there is none. */
function ShareSheetButton(): JSX.Element | null {
  if (!('share' in navigator)) return null;
  return (
    <button type="button" class={buttons.quiet} onClick={share}>
      <Glyph path={SHARE} />
      {t('call.shareLink')}
    </button>
  );
}

function share(): void {
  // Who closes the list has changed their mind.
  navigator.share({ title: document.title, url: callLink() }).catch(() => undefined);
}

const LinkAsQr = lazyView(
  async () => (await withWords(import('../invite/qr-card.tsx'), 'tool')).QrCard,
);
