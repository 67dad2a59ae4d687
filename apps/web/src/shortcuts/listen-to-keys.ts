/**
 * Carries out shortcuts, and push-to-talk.
 * @module
 */
import { actionOf } from './shortcut.ts';
import type { KeyPlace, ShortcutAction, Shortcuts } from './shortcut.ts';

/** What the keys do. */
export interface KeyActions {
  /** Read at every key, so that a choice works at once. */
  readonly shortcuts: () => Shortcuts;
  readonly run: (action: Exclude<ShortcutAction, 'talk'>) => void;
  /** The key is held down: be heard. */
  readonly startTalking: () => void;
  /** The key is up again. */
  readonly stopTalking: () => void;
}

/** Listens until it is undone. */
export function listenToKeys(actions: KeyActions): () => void {
  let talking: string | undefined;
  const stop = (): void => {
    if (talking === undefined) return;
    talking = undefined;
    actions.stopTalking();
  };
  const onDown = (event: KeyboardEvent): void => {
    const action = actionOf(event, placeOf(event.target), actions.shortcuts());
    if (action === undefined || event.defaultPrevented) return;
    event.preventDefault();
    if (event.repeat) return;
    if (action !== 'talk') {
      actions.run(action);
      return;
    }
    talking = event.code;
    actions.startTalking();
  };
  const onUp = (event: KeyboardEvent): void => {
    if (event.code === talking) stop();
  };
  addEventListener('keydown', onDown);
  addEventListener('keyup', onUp);
  // A key that is let go elsewhere must not leave the microphone open.
  addEventListener('blur', stop);
  return () => {
    removeEventListener('keydown', onDown);
    removeEventListener('keyup', onUp);
    removeEventListener('blur', stop);
    stop();
  };
}

function placeOf(target: EventTarget | null): KeyPlace {
  if (!(target instanceof HTMLElement)) return 'page';
  if (target.isContentEditable || target.closest('input, textarea, select, dialog') !== null) {
    return 'text';
  }
  return target.closest('button, a, summary') === null ? 'page' : 'control';
}
