/**
 * An `<audio>` of a live stream. An element that also had a picture to play would wait for its first
 * frame, and somebody whose camera is off could not be heard.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** What live sound needs. */
export interface StreamAudioProps {
  readonly stream: MediaStream | undefined;
  /** Starts the element, which is silent until this turns its sound on. */
  readonly play: (audio: HTMLAudioElement) => unknown;
  /** The element has nothing to play any more. */
  readonly onGone: (audio: HTMLAudioElement) => void;
}

/** Plays `stream` for as long as it is in the page. */
export function StreamAudio({ stream, play, onGone }: StreamAudioProps): JSX.Element {
  const ref = useRef<HTMLAudioElement>(null);

  useEffect(() => {
    const audio = ref.current;
    if (audio === null || stream === undefined) return undefined;
    audio.srcObject = stream;
    play(audio);
    return () => {
      onGone(audio);
      audio.srcObject = null;
    };
  }, [stream, play, onGone]);

  return <audio ref={ref} muted />;
}
