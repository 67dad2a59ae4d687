/**
 * Keeps the screen on during a call. Where the browser cannot, or the battery is low, nothing happens.
 * @see https://w3c.github.io/screen-wake-lock/
 * @module
 */

/** The lock ends whenever the page is hidden, so it is asked for again. Returns its undo. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | undefined;
  let isOver = false;
  const ask = async (): Promise<void> => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    const granted = await navigator.wakeLock.request('screen').catch(() => undefined);
    if (isOver) await granted?.release();
    else lock = granted;
  };
  const onVisible = (): void => void ask();
  document.addEventListener('visibilitychange', onVisible);
  void ask();
  return () => {
    isOver = true;
    document.removeEventListener('visibilitychange', onVisible);
    void lock?.release();
  };
}
