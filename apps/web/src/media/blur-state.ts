/**
 * What became of blurring the background. Stands apart from what blurs, which few people fetch.
 * @module
 */
import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { readPreference } from '../ui/preferences.ts';

/** Where it is; `slow` when it works, but this device has trouble with it. */
export type BlurState = 'off' | 'starting' | 'on' | 'slow' | 'failed';

/** Of the camera of this page. Set by what blurs. */
export const blurState: Signal<BlurState> = signal(readPreference('blur') === 'on' ? 'on' : 'off');
