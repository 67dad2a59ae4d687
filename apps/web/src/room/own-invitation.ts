/**
 * The invitation in the address of this very page.
 * @module
 */
import { TAB_MEMORY } from '../ui/tab-memory.ts';
import { takeInvitation } from './invitation.ts';

/** Takes the token for this room out of the address bar, or out of the memory of this tab. */
export function takeOwnInvitation(room: string): string | undefined {
  return takeInvitation(room, {
    hash: location.hash,
    replaceHash: (hash) =>
      history.replaceState(history.state, '', location.pathname + location.search + hash),
    tab: TAB_MEMORY,
  });
}
