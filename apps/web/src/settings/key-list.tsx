/**
 * The keys, each of which can be chosen anew.
 * @module
 */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { shortcuts } from '../call/call-keys.ts';
import { t } from '../i18n/language.ts';
import type { MessageKey } from '../i18n/message-key.ts';
import { SHORTCUT_ACTIONS, formatShortcuts, rebind } from '../shortcuts/shortcut.ts';
import type { ShortcutAction, Shortcuts } from '../shortcuts/shortcut.ts';
import { writePreference } from '../ui/preferences.ts';
import { CheckField } from './check-field.tsx';
import styles from './settings-panel.module.css';

const NAMES = {
  microphone: 'keys.microphone',
  camera: 'keys.camera',
  talk: 'keys.talk',
  chat: 'keys.chat',
  hand: 'keys.hand',
  help: 'keys.help',
} as const satisfies Record<ShortcutAction, MessageKey>;

function choose(chosen: Shortcuts): void {
  shortcuts.value = chosen;
  writePreference('shortcuts', formatShortcuts(chosen));
}

/** The list of keys. */
export function KeyList(): JSX.Element {
  const { bindings, singleKeys } = shortcuts.value;
  const [waiting, setWaiting] = useState<ShortcutAction | undefined>(undefined);
  const listen =
    (action: ShortcutAction) =>
    (event: KeyboardEvent): void => {
      if (waiting !== action || event.key === 'Tab' || event.key === 'Shift') return;
      event.preventDefault();
      event.stopPropagation();
      setWaiting(undefined);
      choose({ singleKeys, bindings: rebind(bindings, action, event.key) });
    };
  return (
    <section>
      <h3>{t('keys.title')}</h3>
      <CheckField
        label={t('keys.single')}
        isOn={singleKeys}
        onChange={(isOn) => choose({ bindings, singleKeys: isOn })}
      />
      <ul class={styles.keys}>
        {SHORTCUT_ACTIONS.map((action) => (
          <li key={action}>
            <span>{t(NAMES[action])}</span>
            <button
              type="button"
              class={styles.key}
              disabled={!singleKeys}
              aria-label={t('keys.change', {
                action: t(NAMES[action]),
                key: keyName(bindings[action]),
              })}
              onClick={() => setWaiting(action)}
              onBlur={() => setWaiting(undefined)}
              onKeyDown={listen(action)}
            >
              {waiting === action ? t('keys.press') : keyName(bindings[action])}
            </button>
          </li>
        ))}
      </ul>
      <p class={styles.note}>{t('keys.always')}</p>
    </section>
  );
}

function keyName(key: string): string {
  return key === ' ' ? t('keys.space') : key;
}
