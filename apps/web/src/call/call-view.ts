/**
 * What a person has chosen to see in the call. The views read its signals and set them.
 * @module
 */
import { effect, signal } from '@preact/signals';
import type { Preferences } from '../ui/preferences.ts';
import type { LayoutMode } from './arrange.ts';

/** What can stand beside the people; each one is fetched when it is opened. */
export type PanelName = 'chat' | 'details' | 'settings';

/** Choices of one call. The layout and the own picture are remembered for the next one. */
export class CallView {
  readonly mode = signal<LayoutMode>('grid');
  readonly selfHidden = signal(false);
  readonly pinned = signal<string | undefined>(undefined);
  readonly panel = signal<PanelName | undefined>(undefined);

  constructor(preferences: Preferences) {
    if (preferences.read('layout') === 'speaker') this.mode.value = 'speaker';
    this.selfHidden.value = preferences.read('selfHidden') === 'true';
    let isFirst = true;
    effect(() => {
      const [mode, hidden] = [this.mode.value, this.selfHidden.value];
      if (!isFirst) {
        preferences.write('layout', mode);
        preferences.write('selfHidden', String(hidden));
      }
      isFirst = false;
    });
  }

  /** Makes `peer` the large one, or ends that. */
  togglePin(peer: string): void {
    this.pinned.value = this.pinned.value === peer ? undefined : peer;
  }

  /** Chooses a layout; nobody stays pinned. */
  chooseMode(mode: LayoutMode): void {
    this.pinned.value = undefined;
    this.mode.value = mode;
  }

  /** Hides my own picture from me, or shows it again. */
  toggleSelf(): void {
    this.selfHidden.value = !this.selfHidden.value;
  }

  /** Opens the panel in place of another one. */
  openPanel(panel: PanelName | undefined): void {
    this.panel.value = panel;
  }

  /** Opens the panel, or closes it when it is the one on screen. */
  togglePanel(panel: PanelName): void {
    this.panel.value = this.panel.value === panel ? undefined : panel;
  }
}
