/**
 * The browser of somebody who sits between two callers: to each of them it pretends to be the other.
 * Runs in a page of its own; the hostile server brings it the descriptions it can read.
 * @module
 */
import type { TestPage } from '@parley/testkit';
import type { PassingSignal, Tamper } from './hostile-server.ts';

declare global {
  interface Window {
    middle?: { readonly toOffering: RTCPeerConnection; readonly toAnswering: RTCPeerConnection };
  }
}

interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

/** Prepares the page and returns what the hostile server is to do. */
export async function sitBetween(page: TestPage): Promise<Tamper> {
  await page.evaluate(installMiddle, undefined);
  return async ({ event, payload }: PassingSignal) => {
    // Candidates of its own stand in its descriptions, and those of the callers do not matter to it.
    if (event === 'icecandidate') return null;
    if (!isDescription(payload)) return payload;
    const { type, sdp } = payload;
    const own = await page.evaluate(pretend, { type, sdp });
    return { ...payload, sdp: own };
  };
}

/** A description of its own, for callers it knows nothing of. */
export function forge(page: TestPage): Promise<string> {
  return page.evaluate(async () => {
    const connection = new RTCPeerConnection();
    for (const kind of ['audio', 'video']) connection.addTransceiver(kind);
    await connection.setLocalDescription();
    return connection.localDescription?.sdp ?? '';
  }, undefined);
}

function isDescription(payload: unknown): payload is Description {
  return typeof payload === 'object' && payload !== null && 'sdp' in payload;
}

/** One connection to the caller who offers, one to the caller who answers. */
async function installMiddle(): Promise<void> {
  // Pages that may use a microphone tell their addresses; others hide them behind names.
  await navigator.mediaDevices.getUserMedia({ audio: true });
  const [toOffering, toAnswering] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const ways = [
    [toOffering, toAnswering],
    [toAnswering, toOffering],
  ] as const;
  for (const [from, to] of ways) {
    from.addEventListener('track', ({ track }) => {
      const free = to
        .getTransceivers()
        .find(({ sender, receiver }) => !sender.track && receiver.track.kind === track.kind);
      if (free === undefined) to.addTrack(track);
      else void free.sender.replaceTrack(track);
    });
  }
  window.middle = { toOffering, toAnswering };
}

/** Takes a description and makes the one that arrives in its place. */
async function pretend(description: Description): Promise<string> {
  if (window.middle === undefined) throw new Error('not in the middle');
  const { toOffering, toAnswering } = window.middle;
  const isOffer = description.type === 'offer';
  await (isOffer ? toOffering : toAnswering).setRemoteDescription(description);
  if (isOffer) toAnswering.createDataChannel('middle');
  for (const transceiver of toOffering.getTransceivers()) transceiver.direction = 'sendrecv';
  const own = isOffer ? toAnswering : toOffering;
  await own.setLocalDescription();
  while (own.iceGatheringState !== 'complete') {
    await new Promise((resolve) => {
      own.addEventListener('icegatheringstatechange', resolve, { once: true });
    });
  }
  return own.localDescription?.sdp ?? '';
}
