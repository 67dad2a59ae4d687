/**
 * Captures a screen, a window or a tab. Loaded when it is needed.
 *
 * The sound of a shared screen may contain our own call, and the others would hear themselves. What
 * browsers offer against that is asked for; what they then really give is in the settings of the track,
 * and a sound that could be an echo is dropped.
 * @see https://www.w3.org/TR/screen-capture/
 * @module
 */
import type { MediaErrorCode } from './media-error.ts';

/** How to share. */
export interface ScreenOptions {
  /**
   * What matters in the picture: `'detail'` and `'text'` stay sharp and may lose frames, `'motion'`
   * stays fluent and may lose sharpness. @default 'detail'
   */
  readonly content?: 'detail' | 'text' | 'motion';
  /** Whether to ask for the sound of what is shared. @default true */
  readonly sound?: boolean;
  /** Gives up waiting for the person; what they choose then is not shared. */
  readonly signal?: AbortSignal | undefined;
}

/** What the person chose to share. The caller must stop both tracks. */
export interface SharedScreen {
  readonly track: MediaStreamTrack;
  readonly sound: MediaStreamTrack | undefined;
}

/** Members that the DOM types do not know yet; browsers ignore those that they do not know. */
interface ShareConstraints extends DisplayMediaStreamOptions {
  readonly audio: (MediaTrackConstraints & { readonly restrictOwnAudio: boolean }) | false;
  readonly selfBrowserSurface: 'exclude';
  readonly surfaceSwitching: 'include';
  readonly systemAudio: 'include' | 'exclude';
  readonly windowAudio: 'window' | 'exclude';
}

interface ShareSettings extends MediaTrackSettings {
  readonly restrictOwnAudio?: boolean;
}

/** Text is read, not watched: frames that nobody needs cost the sharpness of all. */
const STILL_FRAME_RATE = 15;
const MOTION_FRAME_RATE = 30;

/** Rejects with what the browser throws, or as a browser would that cannot share. */
export async function captureScreen(
  mediaDevices: MediaDevices | undefined,
  options: ScreenOptions,
): Promise<SharedScreen> {
  const { content = 'detail' } = options;
  // Browsers leave the devices out on insecure pages.
  if (mediaDevices === undefined) throw new DOMException('', 'InsecureError');
  if (!('getDisplayMedia' in mediaDevices)) throw new DOMException('', 'NotSupportedError');
  const stream = await mediaDevices.getDisplayMedia(constraintsFor(options));
  const [track] = stream.getVideoTracks();
  if (track === undefined) throw new TypeError('The browser shared no picture.');
  track.contentHint = content;
  return { track, sound: withoutEcho(track, stream.getAudioTracks()) };
}

/** What to ask the browser for. */
function constraintsFor({ content = 'detail', sound = true }: ScreenOptions): ShareConstraints {
  return {
    video: { frameRate: content === 'motion' ? MOTION_FRAME_RATE : STILL_FRAME_RATE },
    // Music and speech from a clean source: what helps a microphone would spoil it.
    audio: sound && {
      restrictOwnAudio: true,
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
    },
    selfBrowserSurface: 'exclude',
    surfaceSwitching: 'include',
    systemAudio: sound ? 'include' : 'exclude',
    windowAudio: sound ? 'window' : 'exclude',
  };
}

/** The sound, unless it may contain what the others say. */
function withoutEcho(
  picture: MediaStreamTrack,
  [sound]: readonly MediaStreamTrack[],
): MediaStreamTrack | undefined {
  if (sound === undefined) return undefined;
  const { restrictOwnAudio }: ShareSettings = sound.getSettings();
  // Another tab plays its own sound only; a window or the whole system may play ours too.
  const isOtherTab = picture.getSettings().displaySurface === 'browser';
  if (isOtherTab || restrictOwnAudio === true) return sound;
  sound.stop();
  return undefined;
}

/** What to do next, where a screen needs other words than a device. */
export const SCREEN_SENTENCES: { readonly [C in MediaErrorCode]?: string } = {
  ERR_MEDIA_DENIED_BY_BROWSER:
    'Nothing is shared: the choice was cancelled, or this page may not share the screen. Try again and choose something.',
  ERR_MEDIA_NOT_FOUND: 'There is nothing that could be shared.',
  ERR_MEDIA_UNSUPPORTED: 'This browser cannot share the screen. Use a browser on a computer.',
};
