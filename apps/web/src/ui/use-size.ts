/**
 * Size of an element on screen.
 * @module
 */
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Width and height inside the padding, in CSS pixels; zero until it is measured. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Follows the size of the element in `ref`. */
export function useSize(ref: RefObject<Element | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
