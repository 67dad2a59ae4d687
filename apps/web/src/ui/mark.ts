/**
 * The mark of Parley, two speech bubbles, as it stands in public/favicon.svg too. Here it is part of the program: what is
 * shown while the server is away cannot be fetched from it.
 * @module
 */

/** Path and colour of each bubble, in a square of 32 by 32. */
export const MARK = [
  [
    'M8 4a6 6 0 0 0-6 6v5a6 6 0 0 0 4 5.7v5.5c0 .8 1 1.2 1.6.6L13 21h2a6 6 0 0 0 6-6v-5a6 6 0 0 0-6-6z',
    '#0b7470',
  ],
  [
    'M18 11a6 6 0 0 0-6 6v3a6 6 0 0 0 6 6h2l4.4 3.8c.6.6 1.6.2 1.6-.6v-3.5a6 6 0 0 0 4-5.7v-3a6 6 0 0 0-6-6z',
    '#4fd1c5',
  ],
] as const;
