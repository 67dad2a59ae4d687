/**
 * Sends as much through a channel as a call with picture does, and counts what arrives.
 * @module
 */
import type { CheckupContext } from './checkup-context.ts';
import type { RelayPair } from './relay-pair.ts';

/** What came through. */
export interface Flow {
  readonly kilobits: number;
  /** 0 to 100. */
  readonly lossPercent: number;
}

/** As much as a call may send at most by default. */
const BITS_PER_SECOND = 2_500_000;
const MESSAGE_BYTES = 1000;
const DURATION_MS = 3000;
const STEP_MS = 20;
/** What is still under way when the last message was sent. */
const TAIL_MS = 500;
/** More than this waiting means that the network takes no more. */
const MAX_BUFFERED_BYTES = 64_000;

/** Fills `pair` for three seconds. */
export async function measureFlow(context: CheckupContext, pair: RelayPair): Promise<Flow> {
  const { platform, signal } = context;
  const { near, far } = pair;
  const message = new Uint8Array(MESSAGE_BYTES);
  let [sent, received] = [0, 0];
  far.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== 'string') received += 1;
  });
  const pause = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      platform.setTimer(resolve, delayMs);
    });
  const startedAt = platform.now();
  const passed = (): number => platform.now() - startedAt;
  let offered = 0;
  while (passed() < DURATION_MS && !signal.aborted) {
    const due = Math.floor((passed() / 1000) * (BITS_PER_SECOND / 8 / MESSAGE_BYTES));
    for (; offered < due; offered += 1) {
      if (near.readyState !== 'open' || near.bufferedAmount > MAX_BUFFERED_BYTES) continue;
      near.send(message);
      sent += 1;
    }
    await pause(STEP_MS);
  }
  const seconds = passed() / 1000;
  await pause(TAIL_MS);
  return {
    kilobits: Math.round((received * MESSAGE_BYTES * 8) / seconds / 1000),
    lossPercent: sent === 0 ? 100 : Math.round(((sent - received) / sent) * 1000) / 10,
  };
}
