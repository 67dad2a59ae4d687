/**
 * Tells another person how large we show their picture, so that they send no more than that.
 * @module
 */
import type { RemotePeer, VideoSource } from '@parley/client';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { PictureDesk } from '../saving/picture-desk.ts';

/** Follows the element in `ref`; while it or the whole tab cannot be seen, nothing is shown. */
export function useReportView(
  ref: RefObject<Element | null>,
  peer: RemotePeer,
  { source, desk }: { readonly source: VideoSource; readonly desk: PictureDesk },
): void {
  useEffect(() => {
    const tile = ref.current;
    if (tile === null) return undefined;
    const { size, stop } = followTile(tile, () => {
      const [width, height] = size().map((pixels) => pixels * devicePixelRatio);
      const shown = width && height ? { width, height } : undefined;
      desk.show(peer, source, { viewer: 'tile', size: shown });
    });
    return () => {
      stop();
      desk.show(peer, source, { viewer: 'tile', size: undefined });
    };
  }, [ref, peer, source, desk]);
}

interface FollowedTile {
  /** Width and height in CSS pixels; zeros when it cannot be seen. */
  readonly size: () => readonly [number, number];
  readonly stop: () => void;
}

/** Calls `onChange` as soon as the tile has been measured, and after every change. */
function followTile(tile: Element, onChange: () => void): FollowedTile {
  let box: DOMRectReadOnly | undefined;
  let isInView = true;
  const changed = (): void => {
    if (box !== undefined) onChange();
  };
  const resizing = new ResizeObserver(([entry]) => {
    box = entry?.contentRect;
    changed();
  });
  const scrolling = new IntersectionObserver(([entry]) => {
    isInView = entry?.isIntersecting ?? true;
    changed();
  });
  resizing.observe(tile);
  scrolling.observe(tile);
  document.addEventListener('visibilitychange', changed);
  return {
    size: () => {
      const isSeen = box !== undefined && isInView && document.visibilityState === 'visible';
      return isSeen ? [box?.width ?? 0, box?.height ?? 0] : [0, 0];
    },
    stop: () => {
      resizing.disconnect();
      scrolling.disconnect();
      document.removeEventListener('visibilitychange', changed);
    },
  };
}
