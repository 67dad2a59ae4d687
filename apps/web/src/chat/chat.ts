/**
 * The chat of one call. Messages go from browser to browser; who comes late asks somebody inside for
 * what has been said. Nothing is stored anywhere.
 * @module
 */
import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { PeerId } from '@parley/client';
import type { ToolChannel, ToolRoom } from '../room/tool-room.ts';
import { MAX_TEXT_LENGTH, mergeMessages, parseHistory, parseMessage } from './chat-message.ts';
import type { ChatMessage } from './chat-message.ts';

/** What a chat needs of its surroundings. */
export interface ChatOptions {
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** A text nobody else chooses. @default random */
  readonly createId?: () => string;
  /** Somebody has written, and the chat was not open. */
  readonly onUnread?: (message: ChatMessage) => void;
}

const HISTORY = 'chat-history';

/** One chat. Its owner must {@link Chat.close} it. */
export class Chat {
  readonly #messages = signal<readonly ChatMessage[]>([]);
  readonly #unread = signal(0);
  readonly #mine = new Set<string>();
  readonly #options: ChatOptions;
  readonly #room: ToolRoom;
  readonly #channel: ToolChannel;
  readonly #undo: readonly (() => void)[];
  #isOpen = false;
  #hasHistory = false;

  constructor(room: ToolRoom, options: ChatOptions = {}) {
    this.#room = room;
    this.#options = options;
    this.#channel = room.channel('chat');
    this.#undo = [
      this.#channel.on('message', ({ data }) => this.#receive(parseMessage(data))),
      room.handle(HISTORY, () => this.#messages.value),
      room.on('peer', ({ id }) => void this.#askForHistory(id)),
    ];
  }

  /** Everything that was said, oldest first. */
  get messages(): ReadonlySignal<readonly ChatMessage[]> {
    return this.#messages;
  }

  /** How many messages came while the chat was not open. */
  get unread(): ReadonlySignal<number> {
    return this.#unread;
  }

  /** Whether I wrote it. */
  isMine({ id }: ChatMessage): boolean {
    return this.#mine.has(id);
  }

  /** Tells whether the messages are on screen. */
  setOpen(isOpen: boolean): void {
    this.#isOpen = isOpen;
    if (isOpen) this.#unread.value = 0;
  }

  /** Says something to everybody. What is empty is not said. */
  say(text: string): void {
    const { now = Date.now, createId = randomId } = this.#options;
    const message = parseMessage({
      id: createId(),
      at: now(),
      name: this.#room.self.name,
      text: text.trim().slice(0, MAX_TEXT_LENGTH),
    });
    if (message === undefined) return;
    this.#mine.add(message.id);
    this.#messages.value = mergeMessages(this.#messages.value, [message]);
    // Who leaves meanwhile needs it no more; all others get it, also after a break.
    void this.#channel.send(message).catch(() => undefined);
  }

  /** Ends everything. Idempotent. */
  close(): void {
    for (const undo of this.#undo) undo();
  }

  #receive(message: ChatMessage | undefined): void {
    if (message === undefined) return;
    const merged = mergeMessages(this.#messages.value, [message]);
    if (merged === this.#messages.value) return;
    this.#messages.value = merged;
    if (this.#isOpen) return;
    this.#unread.value += 1;
    this.#options.onUnread?.(message);
  }

  /** The first one who answers has heard everything; pages without a chat refuse, and the next is asked. */
  async #askForHistory(peer: PeerId): Promise<void> {
    if (this.#hasHistory) return;
    try {
      const history = parseHistory(await this.#room.request(HISTORY, undefined, { to: peer }));
      this.#hasHistory = true;
      this.#messages.value = mergeMessages(this.#messages.value, history);
    } catch {
      // They left, or their page has no chat.
    }
  }
}

function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join(
    '',
  );
}
