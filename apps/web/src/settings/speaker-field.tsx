/**
 * Where the others are heard. Only where the browser lets a page choose.
 * @see https://w3c.github.io/mediacapture-output/
 * @module
 */
import type { JSX } from 'preact';
import type { SoundGate } from '../call/sound-gate.ts';
import { t } from '../i18n/language.ts';
import type { RoomSession } from '../room/room-session.ts';
import styles from './settings-panel.module.css';

/** The list of speakers and headphones. */
export function SpeakerField(props: { session: RoomSession; gate: SoundGate }): JSX.Element | null {
  const { session, gate } = props;
  const { speakers } = session.devices.value;
  if (!('setSinkId' in HTMLMediaElement.prototype) || speakers.length === 0) return null;
  const chosen = speakers.find(({ deviceId }) => deviceId === gate.speaker.value);
  return (
    <label class={styles.field}>
      <span>{t('device.speaker')}</span>
      <select
        value={(chosen ?? speakers[0])?.deviceId}
        onChange={(event) => void gate.chooseSpeaker(event.currentTarget.value)}
      >
        {speakers.map(({ deviceId, label }, index) => (
          <option key={deviceId} value={deviceId}>
            {label || t('device.unnamedSpeaker', { number: index + 1 })}
          </option>
        ))}
      </select>
    </label>
  );
}
