/**
 * The mark of Parley beside its name.
 * @module
 */
import type { JSX } from 'preact';
import { MARK } from './mark.ts';

/** Decorative: the name stands beside it. */
export function Logo(): JSX.Element {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
      {MARK.map(([path, color]) => (
        <path key={color} d={path} fill={color} />
      ))}
    </svg>
  );
}
