/**
 * Blurs what is behind the person. Fetched when somebody looks at the switch, or had turned it on in the
 * call before. Whoever wants it is never shown without it unawares: where it fails, a camera that starts
 * stays off, and one that is on goes on as it was, with a word.
 * @module
 */
import type { Slot, TrackTransform, TransformedTrack } from '@parley/client';
import { blurState } from '../media/blur-state.ts';
import { writePreference } from '../ui/preferences.ts';
import { blurBackground } from './blur-background.ts';
import { prepareWorker } from './start-worker.ts';

/** As the SDK wants it: what it needs is fetched first. */
export type BlurTransform = TrackTransform & Required<Pick<TrackTransform, 'prepare'>>;

/** The camera with a blurred background. Rejects where that cannot be. */
export const blurred: BlurTransform = Object.assign(blur, { prepare });

async function prepare(): Promise<void> {
  blurState.value = 'starting';
  try {
    await prepareWorker();
  } catch (error) {
    settle('failed');
    throw error;
  }
}

async function blur(camera: MediaStreamTrack): Promise<TransformedTrack> {
  blurState.value = 'starting';
  try {
    const made = await blurBackground(camera, {
      onSlow: () => (blurState.value = 'slow'),
      onBroken: () => {
        blurState.value = 'failed';
        // As if it had been pulled out: nobody is shown a picture that stands still, or one that is not blurred.
        camera.stop();
        camera.dispatchEvent(new Event('ended'));
      },
    });
    settle('on');
    return made;
  } catch (error) {
    settle('failed');
    throw error;
  }
}

/** Turns it on or off, now and in the next calls. Never rejects. */
export async function switchBlur(
  camera: Pick<Slot, 'transform'>,
  isWanted: boolean,
): Promise<void> {
  blurState.value = isWanted ? 'starting' : 'off';
  writePreference('blur', isWanted ? 'on' : 'off');
  if (isWanted) await turnOn(camera);
  else await camera.transform(undefined).catch(() => undefined);
}

async function turnOn(camera: Pick<Slot, 'transform'>): Promise<void> {
  try {
    await prepareWorker();
    if (blurState.value !== 'starting') return; // turned off again meanwhile
    await camera.transform(blurred);
    settle('on'); // also of a camera that is off
  } catch {
    settle('failed');
    // What did not work is not wanted the next time.
    if (blurState.value === 'failed') writePreference('blur', 'off');
  }
}

/** What began and was then turned off has nothing to say any more. */
function settle(outcome: 'on' | 'failed'): void {
  if (blurState.value === 'starting') blurState.value = outcome;
}
