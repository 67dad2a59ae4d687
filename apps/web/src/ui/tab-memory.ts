/**
 * What one tab of the browser remembers over a reload. Storage may be blocked: then nothing is
 * remembered, and nothing breaks.
 * @module
 */

/** Where a tab keeps who it was in a room. */
export interface TabMemory {
  read(room: string): string | undefined;
  write(room: string, session: string | undefined): void;
}

/** The memory of this tab. */
export const TAB_MEMORY: TabMemory = {
  read: (room) => {
    try {
      return sessionStorage.getItem(`parley.session.${room}`) ?? undefined;
    } catch {
      return undefined;
    }
  },
  write: (room, session) => {
    try {
      if (session !== undefined) sessionStorage.setItem(`parley.session.${room}`, session);
    } catch {
      // Nobody is the host again after a reload, that is all.
    }
  },
};
