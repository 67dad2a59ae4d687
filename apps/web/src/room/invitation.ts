/**
 * The access token in the link by which somebody was invited (`#t=`). It is for one person: it is taken
 * out of the address, so that nobody passes it on with the link, and kept by the tab.
 * @module
 */
import type { TabMemory } from '../ui/tab-memory.ts';

/** What an invitation is read from and written to. */
export interface InvitationPlace {
  readonly hash: string;
  /** Shows another fragment in the address bar, without a new page. */
  readonly replaceHash: (hash: string) => void;
  readonly tab: TabMemory;
}

/** The token that this tab has for a room. */
export function readInvitation(room: string, tab: TabMemory): string | undefined {
  return tab.read(`${room} invitation`);
}

/** The token for this room, of the link or of the time before a reload. */
export function takeInvitation(
  room: string,
  { hash, replaceHash, tab }: InvitationPlace,
): string | undefined {
  const fields = new URLSearchParams(hash.slice(1));
  const token = fields.get('t');
  if (token === null) return readInvitation(room, tab);
  fields.delete('t');
  const rest = fields.toString();
  replaceHash(rest === '' ? '' : `#${rest}`);
  tab.write(`${room} invitation`, token);
  return token;
}
