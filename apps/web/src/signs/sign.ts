/**
 * What people tell each other without words, as it travels on the channel `signs`. Pure.
 * @module
 */

import { parseDataMode } from '../saving/data-mode.ts';
import type { DataMode } from '../saving/data-mode.ts';

/** What can be sent as a reaction: a list, so that nobody can put words on the screens of others. */
export const REACTIONS = ['👍', '❤️', '😂', '😮', '👏', '🎉'] as const;

/** One of {@link REACTIONS}. */
export type Reaction = (typeof REACTIONS)[number];

/** A hand that is up or down, a recording that runs or not, how data is saved, a reaction. */
export type Sign =
  | { readonly hand: boolean }
  | { readonly recording: boolean }
  | { readonly saving: DataMode }
  | { readonly reaction: Reaction };

/** The sign in a message from somebody else, or `undefined` when there is none. Never throws. */
export function parseSign(data: unknown): Sign | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  if ('hand' in data && typeof data.hand === 'boolean') return { hand: data.hand };
  if ('recording' in data && typeof data.recording === 'boolean') {
    return { recording: data.recording };
  }
  const saving = 'saving' in data ? parseDataMode(data.saving) : undefined;
  if (saving !== undefined) return { saving };
  const reaction = REACTIONS.find((known) => 'reaction' in data && known === data.reaction);
  return reaction && { reaction };
}
