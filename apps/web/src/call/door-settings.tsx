/**
 * The door of the call, as its host sets it.
 * @module
 */
import type { DoorChange, DoorState, HostControls } from '@parley/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { announce } from '../ui/announcer.ts';
import buttons from '../ui/buttons.module.css';
import styles from './people-panel.module.css';

const MIN_LENGTH = 4;
const MAX_LENGTH = 64;

/** Lock, knocking and passcode. */
export function DoorSettings(props: { door: DoorState; host: HostControls }): JSX.Element {
  const { door, host } = props;
  const change = (wanted: DoorChange): void => {
    void host
      .setDoor(wanted)
      .catch(() => 'failed')
      .then((outcome) =>
        announce(t(outcome === 'failed' ? 'call.host.failed' : 'announce.doorChanged')),
      );
  };
  return (
    <section class={styles.door} aria-labelledby="door-title">
      <h3 id="door-title">{t('call.door')}</h3>
      <Switch
        label={t('call.door.locked')}
        help={t('call.door.locked.help')}
        isOn={door.locked}
        onChange={(locked) => change({ locked })}
      />
      <Switch
        label={t('call.door.knock')}
        help={t('call.door.knock.help')}
        isOn={door.knock}
        onChange={(knock) => change({ knock })}
      />
      {door.passcode ? (
        <div class={styles.passcode}>
          <p>{t('call.door.passcode.on')}</p>
          <button
            type="button"
            class={buttons.secondary}
            onClick={() => change({ passcode: null })}
          >
            {t('call.door.passcode.remove')}
          </button>
        </div>
      ) : (
        <PasscodeForm onSet={(passcode) => change({ passcode })} />
      )}
    </section>
  );
}

function Switch(props: {
  label: string;
  help: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}): JSX.Element {
  return (
    <label class={styles.setting}>
      <input
        type="checkbox"
        role="switch"
        aria-checked={props.isOn}
        checked={props.isOn}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>
        {props.label}
        <small>{props.help}</small>
      </span>
    </label>
  );
}

function PasscodeForm({ onSet }: { onSet: (passcode: string) => void }): JSX.Element {
  const [passcode, setPasscode] = useState('');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    onSet(passcode);
  };
  return (
    <form class={styles.passcode} onSubmit={submit}>
      <label>
        {t('call.door.passcode')}
        <input
          name="door-passcode"
          value={passcode}
          minLength={MIN_LENGTH}
          maxLength={MAX_LENGTH}
          required
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => setPasscode(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class={buttons.secondary}>
        {t('call.door.passcode.set')}
      </button>
    </form>
  );
}
