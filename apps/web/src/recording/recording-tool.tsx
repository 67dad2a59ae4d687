/**
 * Begins a recording and puts its line above the people. Fetched when somebody wants to record.
 * @module
 */
import type { CallContext } from '../call/call-context.ts';
import { loadWords, t } from '../i18n/language.ts';
import { announce } from '../ui/announcer.ts';
import { Recording } from './recording.ts';
import { RecordingLine } from './recording-line.tsx';

/** Asks where to write, from a click. Nothing happens when the person changes their mind. */
export async function record(context: CallContext): Promise<void> {
  const { recording: place } = context;
  await loadWords('tool');
  const before = place.peek();
  if (before !== undefined && before.isRunning()) return;
  const recording = await Recording.start(context).catch(() => undefined);
  if (recording === undefined) {
    announce(t('record.notStarted'));
    return;
  }
  place.value = {
    Line: () => <RecordingLine recording={recording} onClose={() => (place.value = undefined)} />,
    isRunning: () => recording.state.peek() === 'running',
    stop: () => recording.stop(),
  };
}
