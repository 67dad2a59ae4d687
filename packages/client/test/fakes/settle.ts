/**
 * Lets everything run that needs no clock: promises, and tasks queued behind them.
 * @module
 */

const ROUNDS = 5;

/** Resolves when the queues have been empty several times over. */
export async function settle(): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
