/**
 * Which arrangement of tiles a number of people gets. Pure.
 * @module
 */

/** Nobody else, one other person, or more. */
export type Layout = 'alone' | 'duo' | 'grid';

/** The arrangement for me and `others` other people. */
export function chooseLayout(others: number): Layout {
  if (others === 0) return 'alone';
  return others === 1 ? 'duo' : 'grid';
}
