/**
 * Everything that is wanted now and then.
 * @module
 */
import { h } from 'preact';
import type { ComponentType, JSX } from 'preact';
import { t, withWords } from '../i18n/language.ts';
import { Icon } from '../ui/icon.tsx';
import { PopoverButton } from '../ui/popover-button.tsx';
import { useLazyView } from '../ui/use-lazy-view.ts';
import type { CallContext } from './call-context.ts';
import bar from './control-bar.module.css';
import { Glyph, MORE } from './glyph.tsx';
import type { MorePanelProps } from './more-panel.tsx';

/** The button of the bar, and its menu. */
export function MoreMenu({ context }: { context: CallContext }): JSX.Element {
  return (
    <PopoverButton class={bar.round} label={t('call.more')} icon={<Glyph path={MORE} size={22} />}>
      {(close) => <Inside context={context} close={close} />}
    </PopoverButton>
  );
}

function Inside(props: MorePanelProps): JSX.Element {
  const view = useLazyView(loadPanel);
  if (view === 'loading') return <Icon name="loader" />;
  return view === 'failed' ? <p>{t('join.unreachable.title')}</p> : h(view, props);
}

async function loadPanel(): Promise<ComponentType<MorePanelProps>> {
  return (await withWords(import('./more-panel.tsx'), 'tool')).MorePanel;
}
