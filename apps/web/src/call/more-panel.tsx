/**
 * What lies in the menu of everything that is wanted now and then. Fetched when it is opened.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import type { CallContext } from './call-context.ts';
import type { PanelName } from './call-view.ts';
import { CopyLinkButton } from './copy-link-button.tsx';
import { EYE_OFF, GAUGE, Glyph, GRID, RECORD, SLIDERS, SPEAKER, WINDOW } from './glyph.tsx';
import { canOpenSmallWindow, openSmallWindow } from '../window/small-window-tool.tsx';
import menu from './menu.module.css';

/** What the menu needs. */
export interface MorePanelProps {
  readonly context: CallContext;
  readonly close: () => void;
}

/** The menu. */
export function MorePanel({ context, close }: MorePanelProps): JSX.Element {
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
      <WindowItem context={context} close={close} />
      <RecordItem context={context} close={close} />
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

function WindowItem({ context, close }: MorePanelProps): JSX.Element | null {
  if (!canOpenSmallWindow()) return null;
  const opened = context.smallWindow.value;
  const toggle = (): void => {
    close();
    if (opened === undefined) void openSmallWindow(context);
    else opened.close();
  };
  return (
    <button type="button" class={menu.item} onClick={toggle}>
      <Glyph path={WINDOW} />
      <span>{t(opened === undefined ? 'window.open' : 'window.close')}</span>
    </button>
  );
}

function RecordItem({ context, close }: MorePanelProps): JSX.Element | null {
  const { recording, tools } = context;
  if (!('MediaRecorder' in window)) return null;
  const isRunning = tools.signs.mine.value.recording;
  const toggle = async (): Promise<void> => {
    close();
    if (isRunning) await recording.peek()?.stop();
    else await (await import('../recording/recording-tool.tsx')).record(context);
  };
  return (
    <button type="button" class={menu.item} onClick={() => void toggle()}>
      <Glyph path={RECORD} />
      <span>{t(isRunning ? 'record.stop' : 'record.start')}</span>
    </button>
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
