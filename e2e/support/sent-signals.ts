/**
 * What a page says to the server from now on, read off its socket.
 * @module
 */
import type { TestPage } from '@parley/testkit';

/** Events of our protocol that the page has sent, in order. */
export interface SentSignals {
  readonly event: string;
  /** Where the event is a `join`: an offer came with it. */
  readonly hasOffer: boolean;
}

declare global {
  interface Window {
    sentFrames?: string[];
  }
}

/** Starts listening. To be called when the page is loaded, and before what matters is sent. */
export async function watchSignals(page: TestPage): Promise<void> {
  await page.evaluate(() => {
    const frames: string[] = [];
    window.sentFrames = frames;
    const sockets: { send: (this: WebSocket, data: Parameters<WebSocket['send']>[0]) => void } =
      WebSocket.prototype;
    const { send } = sockets;
    sockets.send = function record(data) {
      if (typeof data === 'string') frames.push(data);
      send.call(this, data);
    };
  }, undefined);
}

/** Everything since then. */
export async function readSignals(page: TestPage): Promise<SentSignals[]> {
  const frames = await page.evaluate(() => window.sentFrames ?? [], undefined);
  return frames.flatMap((frame) => {
    // Engine.IO message, Socket.IO event, perhaps the number of an ack, then JSON.
    const json = /^42\d*(\[.*)$/su.exec(frame)?.[1];
    if (json === undefined) return [];
    const [event, argument]: [string, unknown] = JSON.parse(json);
    const offer = typeof argument === 'object' && argument !== null && 'offer' in argument;
    return [{ event, hasOffer: offer && argument.offer !== null }];
  });
}

/**
 * How often each kind of message was sent. Candidates vary with the network, and a page that stood still for a
 * moment asks whether the server is there: neither counts.
 */
export async function countSignals(page: TestPage): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { event, hasOffer } of await readSignals(page)) {
    if (event === 'icecandidate' || event === 'ping') continue;
    const name = hasOffer ? `${event} with offer` : event;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
