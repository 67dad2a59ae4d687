/**
 * Lets everything run that needs no clock: promises, and tasks queued behind them.
 * @module
 */

const ROUNDS = 8;

/** Resolves when the queues have been empty several times over. Needs no timers: a test may have faked them. */
export async function settle(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      await new Promise<void>((resolve) => {
        port1.addEventListener('message', () => resolve(), { once: true });
        port1.start();
        port2.postMessage(undefined);
      });
    }
  } finally {
    port1.close();
  }
}
