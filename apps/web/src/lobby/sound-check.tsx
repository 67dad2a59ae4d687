/**
 * Whether I will be heard, and whether I will hear: a bar that moves with my voice, and two notes.
 * @module
 */
import type { LevelSnapshot } from '@parley/client';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { microphoneSwitch } from '../media/slot-switch.ts';
import type { RoomSession } from '../room/room-session.ts';
import buttons from '../ui/buttons.module.css';
import { Icon } from '../ui/icon.tsx';
import { useObserved } from '../ui/use-observed.ts';
import styles from './sound-check.module.css';

/** Steps of the bar. */
const STEPS = 12;
/** Nothing at all for so long: the microphone may be muted by a switch of its own. */
const SILENT_MS = 8000;

const stepOf = ({ level }: LevelSnapshot): number => Math.round(level * STEPS);

/** The bar while the microphone is on, and the button for the speaker. */
export function SoundCheck({ session }: { session: RoomSession }): JSX.Element {
  const isOn = microphoneSwitch(session.microphone.value).on;
  return (
    <div class={styles.check}>
      {isOn ? <Voice session={session} /> : <span />}
      <button type="button" class={buttons.quiet} onClick={() => void testSpeaker()}>
        <Icon name="volume" size={18} />
        {t('lobby.testSpeaker')}
      </button>
    </div>
  );
}

function Voice({ session }: { session: RoomSession }): JSX.Element {
  const step = useObserved(session.level, stepOf) ?? 0;
  const isSilent = useSilence(step > 0);
  return (
    <div class={styles.voice}>
      <meter min={0} max={STEPS} value={step} aria-label={t('lobby.level')} class={styles.meter} />
      <p aria-live="polite">{isSilent && t('lobby.silent')}</p>
    </div>
  );
}

/** True once nothing has been heard for long, until something is. */
function useSilence(isHeard: boolean): boolean {
  const [isSilent, setSilent] = useState(false);
  useEffect(() => {
    setSilent(false);
    if (isHeard) return undefined;
    const timer = setTimeout(() => setSilent(true), SILENT_MS);
    return () => clearTimeout(timer);
  }, [isHeard]);
  return isSilent;
}

async function testSpeaker(): Promise<void> {
  const { playNotes } = await import('./speaker-tool.ts');
  playNotes();
}
