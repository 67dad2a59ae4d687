/**
 * The switch that shares my screen. Its name never changes, its state says on or off.
 * @module
 */
import type { ScreenSlot, ScreenSnapshot } from '@parley/client';
import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { Icon } from '../ui/icon.tsx';
import styles from './control-bar.module.css';
import { Glyph, SCREEN } from './glyph.tsx';

/** My screen, as the call shows it. */
export interface MyScreen {
  readonly slot: ScreenSlot;
  readonly snapshot: ReadonlySignal<ScreenSnapshot>;
}

/** Phones have no way to share a screen; then there is nothing to switch. */
const CAN_SHARE = 'getDisplayMedia' in (navigator.mediaDevices ?? {});

/** The switch, or nothing where the browser cannot share. */
export function ShareSwitch({ screen }: { screen: MyScreen }): JSX.Element | null {
  const { state } = screen.snapshot.value;
  if (!CAN_SHARE) return null;
  const isBusy = state === 'starting';
  const toggle = (): void => {
    // What failed is in the snapshot.
    void (state === 'live' ? screen.slot.off() : screen.slot.on().catch(() => undefined));
  };
  return (
    <button
      type="button"
      role="switch"
      class={styles.share}
      aria-label={t('call.share')}
      aria-checked={state === 'live'}
      aria-busy={isBusy}
      title={t(state === 'live' ? 'call.share.stop' : 'call.share')}
      onClick={toggle}
    >
      {isBusy ? <Icon name="loader" size={22} /> : <Glyph path={SCREEN} size={22} />}
    </button>
  );
}
