/**
 * A `<video>` of a live stream. It is silent: sound has an element of its own.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** What a live picture needs. */
export interface StreamVideoProps {
  readonly stream: MediaStream | undefined;
  readonly class?: string | undefined;
  /** Whether the picture fills its frame or is shown whole; for the style sheet. */
  readonly fit?: 'cover' | 'contain';
  /** A first frame is there, or the shape of the picture changed. */
  readonly onPicture?: (video: HTMLVideoElement) => void;
}

/** Plays `stream` for as long as it is in the page. */
export function StreamVideo({ stream, fit, onPicture, ...rest }: StreamVideoProps): JSX.Element {
  const ref = useRef<HTMLVideoElement>(null);

  useEffect(() => {
    const video = ref.current;
    if (video === null) return undefined;
    video.srcObject = stream ?? null;
    // Rejects when replaced by a newer stream before it could start.
    if (stream !== undefined) video.play().catch(() => undefined);
    return () => {
      video.srcObject = null; // Chromium keeps the decoder of an element that still has a stream.
    };
  }, [stream]);

  const notice = (event: { readonly currentTarget: HTMLVideoElement }): void => {
    if (event.currentTarget.videoWidth > 0) onPicture?.(event.currentTarget);
  };

  return (
    <video
      ref={ref}
      class={rest.class}
      data-fit={fit}
      muted
      playsInline
      disablePictureInPicture
      onLoadedData={notice}
      onResize={notice}
    />
  );
}
