/**
 * What the keys do in a call.
 * @module
 */
import { signal } from '@preact/signals';
import { listenToKeys } from '../shortcuts/listen-to-keys.ts';
import { parseShortcuts } from '../shortcuts/shortcut.ts';
import type { ShortcutAction } from '../shortcuts/shortcut.ts';
import { readPreference } from '../ui/preferences.ts';
import type { CallContext } from './call-context.ts';

/** The keys of this person. */
export const shortcuts = signal(parseShortcuts(readPreference('shortcuts')));

/** Listens to the keys of a call until it is undone. */
export function listenInCall({ session, view, tools, call }: CallContext): () => void {
  const { microphone } = call.room.self;
  const actions: Readonly<Record<Exclude<ShortcutAction, 'talk'>, () => void>> = {
    microphone: () => void session.toggleMicrophone(),
    camera: () => void session.toggleCamera(),
    chat: () => view.togglePanel('chat'),
    hand: () => tools.signs.toggleHand(),
    help: () => view.togglePanel('settings'),
  };
  let wasMuted = false;
  return listenToKeys({
    shortcuts: () => shortcuts.value,
    run: (action) => actions[action](),
    startTalking: () => {
      wasMuted = microphone.snapshot.muted;
      if (wasMuted) microphone.setMuted(false);
    },
    stopTalking: () => {
      if (wasMuted) microphone.setMuted(true);
    },
  });
}
