/**
 * The place beside the people. What stands there is fetched when it is opened. The focus goes into it,
 * and back to where it was when it closes; Escape closes.
 * @module
 */
import { h } from 'preact';
import type { ComponentType, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { CallContext } from '../call/call-context.ts';
import type { PanelName } from '../call/call-view.ts';
import { CloseButton } from '../call/close-button.tsx';
import { t, withWords } from '../i18n/language.ts';
import type { MessageKey } from '../i18n/message-key.ts';
import { Icon } from '../ui/icon.tsx';
import { useLazyView } from '../ui/use-lazy-view.ts';
import styles from './panel-host.module.css';

/** What every panel is given. */
export interface PanelProps {
  readonly context: CallContext;
}

type Panel = ComponentType<PanelProps>;

const TITLES = {
  chat: 'call.chat',
  details: 'call.details',
  settings: 'call.settings',
} as const satisfies Record<PanelName, MessageKey>;

const LOADERS: Readonly<Record<PanelName, () => Promise<Panel>>> = {
  chat: async () => (await withWords(import('../chat/chat-panel.tsx'), 'panel')).ChatPanel,
  details: async () =>
    (await withWords(import('../details/details-panel.tsx'), 'panel')).DetailsPanel,
  settings: async () =>
    (await withWords(import('../settings/settings-panel.tsx'), 'panel', 'problem')).SettingsPanel,
};

/** The open panel, if any. */
export function PanelHost({ context }: PanelProps): JSX.Element | null {
  const name = context.view.panel.value;
  return name === undefined ? null : <OpenPanel key={name} name={name} context={context} />;
}

function OpenPanel({ name, context }: PanelProps & { name: PanelName }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  const inside = useLazyView(LOADERS[name]);
  const { view } = context;
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    return () => {
      // Whoever has gone on to somewhere else stays there.
      if (document.activeElement !== document.body) return;
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isMenuOpen = document.querySelector(':popover-open') !== null;
      if (event.key === 'Escape' && !event.isComposing && !isMenuOpen) view.openPanel(undefined);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [view]);

  return (
    <aside class={styles.panel} aria-labelledby="panel-title">
      <header class={styles.header}>
        <h2 id="panel-title" ref={heading} tabIndex={-1}>
          {t(TITLES[name])}
        </h2>
        <CloseButton onClick={() => view.openPanel(undefined)} />
      </header>
      {typeof inside === 'string' ? (
        <p class={styles.wait}>
          {inside === 'loading' ? <Icon name="loader" /> : t('join.unreachable.title')}
        </p>
      ) : (
        h(inside, { context })
      )}
    </aside>
  );
}
