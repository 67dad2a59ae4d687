/**
 * The page's end of the conversation with a call in a frame. Messages are taken from that frame and that origin only,
 * and sent to no other; commands wait until the call is ready. Knows no DOM beyond `postMessage`.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import { EMBED_VERSION, readFrameMessage } from './embed-message.ts';
import type { EmbedCommand, EmbedEvent } from './embed-message.ts';

/** The window of the frame. */
export interface FrameWindow {
  postMessage(message: unknown, options: { targetOrigin: string; delegate?: string }): void;
}

/** The part of a `MessageEvent` that is looked at. */
export interface FrameMessage {
  readonly source: unknown;
  readonly origin: string;
  readonly data: unknown;
}

/** What a link is made of. */
export interface FrameLinkOptions {
  readonly frame: FrameWindow;
  /** Origin of the server; messages of any other are not for us. */
  readonly origin: string;
  readonly onEvent: (event: EmbedEvent) => void;
}

interface Pending {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** One conversation. Its owner must {@link FrameLink.close} it. */
export class FrameLink {
  readonly #options: FrameLinkOptions;
  readonly #pending = new Map<number, Pending>();
  #queue: (() => void)[] = [];
  #isReady = false;
  #isClosed = false;
  #lastId = 0;

  constructor(options: FrameLinkOptions) {
    this.#options = options;
  }

  /** Resolves when the call has done it. Rejects with a ParleyError: a code of ours, or the SDK's. */
  send(command: EmbedCommand): Promise<void> {
    if (this.#isClosed) return Promise.reject(closedError());
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      if (this.#isReady) this.#post(id, command);
      else this.#queue.push(() => this.#post(id, command));
    });
  }

  /** To be called with every message that the window gets. */
  take({ source, origin, data }: FrameMessage): void {
    if (this.#isClosed || source !== this.#options.frame || origin !== this.#options.origin) return;
    const message = readFrameMessage(data);
    switch (message.kind) {
      case 'foreign':
        return;
      case 'reply': {
        const pending = this.#pending.get(message.id);
        this.#pending.delete(message.id);
        const { fault } = message;
        if (fault === undefined) pending?.resolve();
        else pending?.reject(new ParleyError(fault.code, fault.message));
        return;
      }
      case 'event':
        this.#options.onEvent(message.event);
        if (message.event.event === 'ready') this.#open();
    }
  }

  /** Commands on their way are rejected. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#queue = [];
    this.#rejectAll();
  }

  #rejectAll(): void {
    for (const { reject } of this.#pending.values()) reject(closedError());
    this.#pending.clear();
  }

  #open(): void {
    // Loaded a second time: the call that was to answer is gone.
    if (this.#isReady) this.#rejectAll();
    this.#isReady = true;
    const waiting = this.#queue;
    this.#queue = [];
    for (const send of waiting) send();
  }

  #post(id: number, command: EmbedCommand): void {
    const { frame, origin } = this.#options;
    const message = { parley: EMBED_VERSION, id, ...command };
    if (command.command === 'screen' && command.on) {
      try {
        // The click was in this page: lend it to the frame, which may ask for a screen only after one.
        frame.postMessage(message, { targetOrigin: origin, delegate: 'display-capture' });
        return;
      } catch {
        // No click, or a browser that cannot lend it; the frame will say what follows from that.
      }
    }
    frame.postMessage(message, { targetOrigin: origin });
  }
}

/** There is no call to talk to. */
export function closedError(): ParleyError<'ERR_EMBED_CLOSED'> {
  const message = 'No call is in the page: it was taken out, or it has no room or server.';
  return new ParleyError('ERR_EMBED_CLOSED', message);
}
