/**
 * Whether a page has this one in a frame and wants to talk to it.
 * @module
 */
import type { RoomSession } from '../room/room-session.ts';

/** Connects the visit with the page around us, if there is one; undone by what it returns. */
export function reportToEmbedder(session: RoomSession): () => void {
  const origin = new URLSearchParams(location.search).get('embed');
  if (origin === null || window.parent === window) return () => {};
  let close: (() => void) | undefined;
  let isOver = false;
  const open = async (): Promise<void> => {
    const { openEmbed } = await import('./embed-tool.ts');
    if (!isOver) close = openEmbed(session, origin);
  };
  // If it does not load, the page around us hears nothing; the call goes on.
  open().catch(() => undefined);
  return () => {
    isOver = true;
    close?.();
  };
}
