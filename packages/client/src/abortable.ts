/**
 * Promises that end when an `AbortSignal` says so, and signals that say so after a time.
 * @module
 */
import type { SetTimer } from './platform.ts';

/** Settles like `promise`, or rejects with `signal.reason` as soon as that is aborted. */
export async function abortable<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
): Promise<Value> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort);
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** How long something may take, who else may end it, and what it rejects with when time is up. */
export interface Deadline {
  readonly setTimer: SetTimer;
  readonly delayMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly error: () => Error;
}

/** Runs `task` with a signal that is aborted at the deadline, or when the caller's own signal is. */
export async function withDeadline<Value>(
  { setTimer, delayMs, signal, error }: Deadline,
  task: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const forward = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', forward);
  const cancelTimer = setTimer(() => controller.abort(error()), delayMs);
  try {
    return await task(controller.signal);
  } finally {
    cancelTimer();
    signal?.removeEventListener('abort', forward);
  }
}
