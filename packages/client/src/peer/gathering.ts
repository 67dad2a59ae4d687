/**
 * Waiting for candidates, so that a description holds them. A moment only: whatever comes late, such
 * as a relay at the end of a slow network, is sent after it.
 * @module
 */
import type { SetTimer } from '../platform.ts';

/** The part of an RTCPeerConnection that is needed. */
export type GatheringConnection = Pick<RTCPeerConnection, 'iceGatheringState' | 'addEventListener'>;

/** Long enough for local addresses and what was gathered before; short beside any round trip. */
const MAX_WAIT_MS = 40;

/** Resolves when every candidate is known, or a moment later, or when `signal` is aborted. */
export async function whenGathered(
  connection: GatheringConnection,
  setTimer: SetTimer,
  signal: AbortSignal,
): Promise<void> {
  if (connection.iceGatheringState === 'complete' || signal.aborted) return;
  const waiting = new AbortController();
  await new Promise<void>((resolve) => {
    const options = { signal: waiting.signal };
    const cancelTimer = setTimer(resolve, MAX_WAIT_MS);
    waiting.signal.addEventListener('abort', cancelTimer);
    signal.addEventListener('abort', () => resolve(), options);
    connection.addEventListener(
      'icegatheringstatechange',
      () => {
        if (connection.iceGatheringState === 'complete') resolve();
      },
      options,
    );
  });
  waiting.abort();
}
