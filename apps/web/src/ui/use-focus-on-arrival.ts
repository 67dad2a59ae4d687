/**
 * Focus for a page that replaced another one without a reload.
 * @module
 */
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { hasNavigated } from '../route/router.ts';

/**
 * A ref for the heading of a page: focus goes there, so that a screen reader says where one is and
 * Tab goes on from the top. On the first page of a visit the browser's own choice stands.
 */
export function useFocusOnArrival(always = false): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (always || hasNavigated()) heading.current?.focus({ preventScroll: true });
  }, [always]);
  return heading;
}
