/**
 * What people do in a call besides talking: chat, files and signs. Made when the call begins, ended with it.
 * @module
 */
import type { Room } from '@parley/client';
import { Chat } from '../chat/chat.ts';
import type { ChatMessage } from '../chat/chat-message.ts';
import { FileDesk } from '../chat/file-desk.ts';
import type { Transfer } from '../chat/file-desk.ts';
import { Signs } from '../signs/signs.ts';

/** The tools of one call. */
export interface CallTools {
  readonly chat: Chat;
  readonly files: FileDesk;
  readonly signs: Signs;
  close(): void;
}

/** Who hears of what nobody sees yet. */
export interface ToolEvents {
  readonly onUnread: (message: ChatMessage) => void;
  readonly onFileOffer: (transfer: Transfer) => void;
}

/** Opens the tools of a room. */
export function openTools(room: Room, { onUnread, onFileOffer }: ToolEvents): CallTools {
  const chat = new Chat(room, { onUnread });
  const files = new FileDesk(room, onFileOffer);
  const signs = new Signs(room);
  return {
    chat,
    files,
    signs,
    close: () => {
      chat.close();
      files.close();
      signs.close();
    },
  };
}
