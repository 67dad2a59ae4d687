/**
 * Typed events: one payload object each, and `on()` returns its own undo.
 * @module
 */

/** A function that takes the payload of one event. */
export type Listener<Payload> = (payload: Payload) => void;

/** For events that say "here is": what a listener that comes later must be told first. */
export type Replay<Events extends object> = {
  readonly [E in keyof Events]?: () => readonly Events[E][];
};

/** Calls one listener; what it throws is reported to the page and never disturbs our own state. */
export function callSafely(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** Keeps the listeners of several events. */
export class Emitter<Events extends object> {
  readonly #replay: Replay<Events>;
  #listeners: { [E in keyof Events]?: readonly Listener<Events[E]>[] } = {};

  constructor(replay: Replay<Events> = {}) {
    this.#replay = replay;
  }

  /** Adds a listener; calling the returned function removes it. */
  on<E extends keyof Events>(event: E, listener: Listener<Events[E]>): () => void {
    // A function of its own for each call: the same listener may be added twice and removed once.
    const entry: Listener<Events[E]> = (payload) => listener(payload);
    this.#listeners[event] = [...(this.#listeners[event] ?? []), entry];
    for (const payload of this.#replay[event]?.() ?? []) callSafely(() => entry(payload));
    return () => {
      this.#listeners[event] = this.#listeners[event]?.filter((other) => other !== entry) ?? [];
    };
  }

  /** Whether anybody listens. */
  has(event: keyof Events): boolean {
    return (this.#listeners[event]?.length ?? 0) > 0;
  }

  /** Tells every listener that is there now and still there when its turn comes. */
  emit<E extends keyof Events>(event: E, payload: Events[E]): void {
    for (const listener of this.#listeners[event] ?? []) {
      if (this.#listeners[event]?.includes(listener)) callSafely(() => listener(payload));
    }
  }

  /** Forgets every listener. */
  clear(): void {
    this.#listeners = {};
  }
}
