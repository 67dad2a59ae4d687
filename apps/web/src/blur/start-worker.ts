/**
 * Starts the program that blurs, in a worker.
 * @module
 */
import type { BlurReport } from './blur-messages.ts';

/** A megabyte over a slow network takes a while; a network that stands still takes for ever. */
const PATIENCE_MS = 30_000;

let spare: Promise<Worker> | undefined;

/**
 * Has the program ready for the next camera: fetching it takes no time then from whoever turns that camera
 * off. Rejects when program or model cannot be fetched, or do not work here.
 */
export async function prepareWorker(): Promise<void> {
  spare ??= startWorker();
  try {
    await spare;
  } catch (error) {
    spare = undefined;
    throw error;
  }
}

/** A worker for one camera: the one that is ready, or another one. Its owner must terminate it. */
export function takeWorker(): Promise<Worker> {
  const taken = spare ?? startWorker();
  spare = undefined;
  return taken;
}

async function startWorker(): Promise<Worker> {
  // Written in one piece: so the bundler finds the worker.
  const worker = new Worker(new URL('blur-worker.ts', import.meta.url), { type: 'module' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (): void => reject(new Error('The program that blurs did not start.'));
      timer = setTimeout(fail, PATIENCE_MS);
      worker.addEventListener('error', fail);
      worker.addEventListener('message', ({ data }: MessageEvent<BlurReport>) => {
        if (data.type === 'ready') resolve();
        else if (data.type === 'failed') fail();
      });
    });
    return worker;
  } catch (error) {
    worker.terminate();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
