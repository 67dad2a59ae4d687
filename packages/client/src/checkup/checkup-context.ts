/**
 * What every check works with.
 * @module
 */
import type { Platform, SetTimer } from '../platform.ts';

/** The browser and the time there is. */
export interface CheckupContext {
  /** Origin of the server. */
  readonly url: string;
  /** Access token to show; absent: none. */
  readonly token: string | undefined;
  readonly platform: Pick<Platform, 'createConnection' | 'mediaDevices' | 'now' | 'setTimer'>;
  /** Ends everything that runs. */
  readonly signal: AbortSignal;
}

/** What came within the time, or `undefined`. */
export function within<Value>(
  value: Promise<Value>,
  delayMs: number,
  {
    platform,
    signal,
  }: Pick<CheckupContext, 'signal'> & {
    readonly platform: { readonly setTimer: SetTimer };
  },
): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve(undefined);
    };
    const cancel = platform.setTimer(end, delayMs);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    value.then(resolve, reject).finally(end);
  });
}
