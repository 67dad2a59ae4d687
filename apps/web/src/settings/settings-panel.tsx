/**
 * Devices, what pictures may cost, and keys.
 * @module
 */
import type { JSX } from 'preact';
import { BlurSwitch } from '../media/blur-switch.tsx';
import { DeviceSelect } from '../media/device-select.tsx';
import { t } from '../i18n/language.ts';
import type { PanelProps } from '../panel/panel-host.tsx';
import { TestLink } from '../ui/test-link.tsx';
import { DataField } from './data-field.tsx';
import { KeyList } from './key-list.tsx';
import { NoiseField } from './noise-field.tsx';
import styles from './settings-panel.module.css';
import { SpeakerField } from './speaker-field.tsx';

/** The inside of the settings panel. */
export function SettingsPanel({ context }: PanelProps): JSX.Element {
  const { session, gate, saver, call } = context;
  return (
    <div class={styles.settings}>
      <section>
        <h3>{t('settings.devices')}</h3>
        <p class={styles.field}>
          <span>{t('device.microphone')}</span>
          <DeviceSelect session={session} source="microphone" />
        </p>
        <p class={styles.field}>
          <span>{t('device.camera')}</span>
          <DeviceSelect session={session} source="camera" />
        </p>
        <BlurSwitch session={session} />
        <NoiseField microphone={call.room.self.microphone} />
        <SpeakerField session={session} gate={gate} />
        <TestLink />
      </section>
      <DataField saver={saver} />
      <KeyList />
    </div>
  );
}
