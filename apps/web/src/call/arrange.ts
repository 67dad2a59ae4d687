/**
 * Which arrangement of tiles the people of a call get. Pure.
 * @module
 */

/** How the person wants more than two people to be shown. */
export type LayoutMode = 'grid' | 'speaker';

/** Nobody else; one other person; tiles of one size; one large tile above a row of small ones. */
export type Layout = 'alone' | 'duo' | 'grid' | 'speaker';

/** What the arrangement depends on. Ids are those of other people, in order of arrival. */
export interface Gathering {
  readonly peers: readonly string[];
  readonly mode: LayoutMode;
  /** Who was chosen to be large. */
  readonly pinned: string | undefined;
  /** Who speaks, or spoke last. */
  readonly speaker: string | undefined;
}

/** The arrangement, and who is large in it. */
export interface Arrangement {
  readonly layout: Layout;
  readonly main: string | undefined;
}

/** The arrangement for me and the others. Nobody but the large one ever changes their place. */
export function arrange({ peers, mode, pinned, speaker }: Gathering): Arrangement {
  const [first] = peers;
  if (first === undefined) return { layout: 'alone', main: undefined };
  if (peers.length === 1) return { layout: 'duo', main: first };
  const present = (id: string | undefined): string | undefined => peers.find((peer) => peer === id);
  const chosen = present(pinned);
  if (chosen === undefined && mode === 'grid') return { layout: 'grid', main: undefined };
  return { layout: 'speaker', main: chosen ?? present(speaker) ?? first };
}
