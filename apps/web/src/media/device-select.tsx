/**
 * The list of cameras or microphones. A native list: it is right on every phone and for every
 * screen reader, and weighs nothing.
 * @module
 */
import type { DeviceSource } from '@parley/client';
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import type { MessageKey } from '../i18n/message-key.ts';
import type { RoomSession } from '../room/room-session.ts';
import { deviceOptions } from './device-options.ts';

interface Words {
  readonly list: MessageKey;
  readonly unnamed: MessageKey;
  /** In place of an empty list: the browser hides the devices, or there are none. */
  readonly hidden: MessageKey;
  readonly none: MessageKey;
}

const WORDS: Readonly<Record<DeviceSource, Words>> = {
  camera: {
    list: 'device.cameraList',
    unnamed: 'device.unnamedCamera',
    hidden: 'device.camera',
    none: 'device.noCamera',
  },
  microphone: {
    list: 'device.microphoneList',
    unnamed: 'device.unnamedMicrophone',
    hidden: 'device.microphone',
    none: 'device.noMicrophone',
  },
};

/** A list of devices with the one in use selected; choosing another one uses it at once. */
export function DeviceSelect(props: {
  session: RoomSession;
  source: DeviceSource;
  class?: string | undefined;
}): JSX.Element {
  const { session, source } = props;
  const words = WORDS[source];
  const { cameras, microphones } = session.devices.value;
  const devices = source === 'camera' ? cameras : microphones;
  const { deviceId, error } = session[source].value;
  const options = deviceOptions(devices, deviceId);
  const empty = error?.code === 'ERR_MEDIA_NOT_FOUND' ? words.none : words.hidden;
  return (
    <select
      class={props.class}
      aria-label={t(words.list)}
      disabled={options.length === 0}
      value={options.find((option) => option.selected)?.id ?? ''}
      onChange={(event) => void session.chooseDevice(source, event.currentTarget.value)}
    >
      {options.length === 0 && <option value="">{t(empty)}</option>}
      {options.map((option, index) => (
        <option key={option.id} value={option.id}>
          {option.label || t(words.unnamed, { number: index + 1 })}
        </option>
      ))}
    </select>
  );
}
