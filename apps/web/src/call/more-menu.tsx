/**
 * Everything that is wanted now and then.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { PopoverButton } from '../ui/popover-button.tsx';
import type { CallContext } from './call-context.ts';
import type { PanelName } from './call-view.ts';
import bar from './control-bar.module.css';
import { CopyLinkButton } from './copy-link-button.tsx';
import { EYE_OFF, GAUGE, Glyph, GRID, MORE, SLIDERS, SPEAKER } from './glyph.tsx';
import menu from './menu.module.css';

/** The button of the bar, and its menu. */
export function MoreMenu({ context }: { context: CallContext }): JSX.Element {
  return (
    <PopoverButton class={bar.round} label={t('call.more')} icon={<Glyph path={MORE} size={22} />}>
      {(close) => <Items context={context} close={close} />}
    </PopoverButton>
  );
}

function Items({ context, close }: { context: CallContext; close: () => void }): JSX.Element {
  const { view } = context;
  const open = (panel: PanelName) => (): void => {
    close();
    view.openPanel(panel);
  };
  return (
    <div class={menu.list}>
      <LayoutChoice context={context} />
      <button
        type="button"
        role="switch"
        class={menu.item}
        aria-checked={view.selfHidden.value}
        onClick={() => view.toggleSelf()}
      >
        <Glyph path={EYE_OFF} />
        <span>{t('call.hideSelf')}</span>
      </button>
      <CopyLinkButton class={menu.item} />
      <button type="button" class={menu.item} onClick={open('details')}>
        <Glyph path={GAUGE} />
        <span>{t('call.details')}</span>
      </button>
      <button type="button" class={menu.item} onClick={open('settings')}>
        <Glyph path={SLIDERS} />
        <span>{t('call.settings')}</span>
      </button>
    </div>
  );
}

function LayoutChoice({ context: { view } }: { context: CallContext }): JSX.Element {
  return (
    <fieldset class={menu.pair} aria-label={t('call.layout')}>
      {(['grid', 'speaker'] as const).map((mode) => (
        <button
          key={mode}
          type="button"
          class={menu.item}
          aria-pressed={view.mode.value === mode}
          onClick={() => view.chooseMode(mode)}
        >
          <Glyph path={mode === 'grid' ? GRID : SPEAKER} />
          <span>{t(mode === 'grid' ? 'call.layout.grid' : 'call.layout.speaker')}</span>
        </button>
      ))}
    </fieldset>
  );
}
