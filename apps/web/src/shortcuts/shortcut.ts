/**
 * Which key does what. Keys can be chosen anew, and single keys can be turned off, because they get in
 * the way of people who dictate or read with their ears. Pure.
 * @see https://www.w3.org/TR/WCAG22/#character-key-shortcuts
 * @module
 */

/** What a key can do. `talk` is held down. */
export type ShortcutAction = 'microphone' | 'camera' | 'chat' | 'hand' | 'talk' | 'help';

/** All actions, in the order of the list. */
export const SHORTCUT_ACTIONS: readonly ShortcutAction[] = [
  'microphone',
  'camera',
  'talk',
  'chat',
  'hand',
  'help',
];

/** Keys as `KeyboardEvent.key` names them, single letters as capitals. */
export type Bindings = Readonly<Record<ShortcutAction, string>>;

/** A choice of keys. */
export interface Shortcuts {
  readonly bindings: Bindings;
  /** Whether single keys work. Ctrl+D and Ctrl+E always do. */
  readonly singleKeys: boolean;
}

/** The keys of somebody who has not chosen others. */
export const DEFAULT_SHORTCUTS: Shortcuts = {
  bindings: { microphone: 'M', camera: 'V', talk: ' ', chat: 'C', hand: 'H', help: '?' },
  singleKeys: true,
};

/** With Ctrl, or Cmd on a Mac: what people know from other calls. */
const WITH_CONTROL: Readonly<Record<string, ShortcutAction>> = { D: 'microphone', E: 'camera' };

/** The part of a keyboard event that matters. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Where a key was pressed: in a text, on a control that has keys of its own, or elsewhere. */
export type KeyPlace = 'text' | 'control' | 'page';

/** What a key press does at this place, if anything. */
export function actionOf(
  press: KeyPress,
  place: KeyPlace,
  { bindings, singleKeys }: Shortcuts,
): ShortcutAction | undefined {
  if (press.altKey) return undefined;
  const key = normalizeKey(press.key);
  if (press.ctrlKey || press.metaKey) return WITH_CONTROL[key];
  if (!singleKeys || place === 'text') return undefined;
  // Space presses the button that has the focus, and Enter does too.
  if (place === 'control' && (key === ' ' || key === 'Enter')) return undefined;
  return SHORTCUT_ACTIONS.find((action) => bindings[action] === key);
}

/** The name under which a key is kept. */
export function normalizeKey(key: string): string {
  return key.length === 1 ? key.toUpperCase() : key;
}

/** Keys that move around the page, or that no page gets. */
const UNUSABLE =
  /^(?:Tab|Escape|Enter|Shift|Control|Alt|AltGraph|Meta|CapsLock|Dead|Process|Arrow.+)$/u;

/** The bindings with another key for one action, whoever had that key before gets the old one. */
export function rebind(bindings: Bindings, action: ShortcutAction, pressed: string): Bindings {
  const key = normalizeKey(pressed);
  if (UNUSABLE.test(key)) return bindings;
  const swapped = SHORTCUT_ACTIONS.find((other) => bindings[other] === key);
  return {
    ...bindings,
    ...(swapped !== undefined && { [swapped]: bindings[action] }),
    [action]: key,
  };
}

/** Reads a stored choice; what is missing or wrong is as by default. Never throws. */
export function parseShortcuts(stored: string | undefined): Shortcuts {
  const parsed = parseJson(stored ?? '');
  if (typeof parsed !== 'object' || parsed === null) return DEFAULT_SHORTCUTS;
  let { bindings } = DEFAULT_SHORTCUTS;
  for (const action of SHORTCUT_ACTIONS) {
    const key: unknown = Reflect.get(parsed, action);
    if (typeof key === 'string' && key.length > 0 && key.length <= 20) {
      bindings = rebind(bindings, action, key);
    }
  }
  return { bindings, singleKeys: Reflect.get(parsed, 'singleKeys') !== false };
}

/** A choice as it is stored. */
export function formatShortcuts({ bindings, singleKeys }: Shortcuts): string {
  return JSON.stringify({ ...bindings, singleKeys });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
