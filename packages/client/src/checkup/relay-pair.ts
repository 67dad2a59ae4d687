/**
 * Two connections of this page that know nothing of each other but a relay, reached in one way.
 * @module
 */
import type { IceServer } from '@parley/protocol';
import { within } from './checkup-context.ts';
import type { CheckupContext } from './checkup-context.ts';

/** Two ends with a channel between them that repeats nothing. Its owner must `close` it. */
export interface RelayPair {
  readonly near: RTCDataChannel;
  readonly far: RTCDataChannel;
  readonly roundTripMs: number;
  close(): void;
}

/** What came of the try. */
export type RelayOutcome =
  | { readonly kind: 'connected'; readonly pair: RelayPair }
  /** No address was given out; `status` is what the relay said, where the browser tells. */
  | { readonly kind: 'silent'; readonly status: number | undefined }
  /** Addresses were given out, and nothing came through. */
  | { readonly kind: 'stuck' };

/** What both ends have got from the relay. */
interface Gathered {
  candidates: number;
  status: number | undefined;
}

const TIMEOUT_MS = 10_000;
const PING_INTERVAL_MS = 500;
const PING = 'ping';
/** What a relay answers is 300 to 699; 700 and above are the browser's own words. */
const BROWSER_ERRORS = 700;

/** Connects `accounts` with each other through the relay. */
export async function openRelayPair(
  context: CheckupContext,
  accounts: readonly [IceServer, IceServer],
): Promise<RelayOutcome> {
  const { platform } = context;
  const connect = (account: IceServer): RTCPeerConnection =>
    platform.createConnection({ iceServers: [account], iceTransportPolicy: 'relay' });
  const [ada, bob] = [connect(accounts[0]), connect(accounts[1])];
  const close = (): void => {
    ada.close();
    bob.close();
  };
  const gathered: Gathered = { candidates: 0, status: undefined };
  const near = ada.createDataChannel('checkup', { ordered: false, maxRetransmits: 0 });
  const far = new Promise<RTCDataChannel>((resolve) => {
    bob.addEventListener('datachannel', ({ channel }) => resolve(channel), { once: true });
  });
  const described = describe(ada, bob);
  passCandidates(ada, bob, { described, gathered });
  passCandidates(bob, ada, { described, gathered });
  const connecting = (async () => {
    await described;
    return exchange(context, near, await far);
  })();
  const exchanged = await within(
    connecting.catch(() => undefined),
    TIMEOUT_MS,
    context,
  );
  if (exchanged !== undefined) return { kind: 'connected', pair: { near, ...exchanged, close } };
  close();
  return gathered.candidates === 0
    ? { kind: 'silent', status: gathered.status }
    : { kind: 'stuck' };
}

async function describe(ada: RTCPeerConnection, bob: RTCPeerConnection): Promise<void> {
  await ada.setLocalDescription();
  await bob.setRemoteDescription(requireDescription(ada));
  await bob.setLocalDescription();
  await ada.setRemoteDescription(requireDescription(bob));
}

function requireDescription({ localDescription }: RTCPeerConnection): RTCSessionDescription {
  if (localDescription === null) throw new TypeError('The connection was closed meanwhile.');
  return localDescription;
}

function passCandidates(
  from: RTCPeerConnection,
  to: RTCPeerConnection,
  { described, gathered }: { readonly described: Promise<void>; readonly gathered: Gathered },
): void {
  from.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate === null) return;
    if (candidate.candidate !== '') gathered.candidates += 1;
    // One that comes too late for a closed connection is nobody's loss.
    void described.then(() => to.addIceCandidate(candidate)).catch(() => undefined);
  });
  from.addEventListener('icecandidateerror', ({ errorCode }) => {
    if (errorCode < BROWSER_ERRORS) gathered.status = errorCode;
  });
}

/** There and back; repeated, because the channel repeats nothing. */
function exchange(
  { platform, signal }: CheckupContext,
  near: RTCDataChannel,
  far: RTCDataChannel,
): Promise<Pick<RelayPair, 'far' | 'roundTripMs'>> {
  far.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data === PING && far.readyState === 'open') far.send(PING);
  });
  return new Promise((resolve) => {
    let sentAt = 0;
    let cancel: (() => void) | undefined;
    const ping = (): void => {
      if (signal.aborted || near.readyState === 'closed') return;
      sentAt = platform.now();
      if (near.readyState === 'open') near.send(PING);
      cancel = platform.setTimer(ping, PING_INTERVAL_MS);
    };
    near.addEventListener('message', function answered({ data }: MessageEvent<unknown>) {
      if (data !== PING) return;
      near.removeEventListener('message', answered);
      cancel?.();
      resolve({ far, roundTripMs: Math.round(platform.now() - sentAt) });
    });
    if (near.readyState === 'open') ping();
    else near.addEventListener('open', ping, { once: true });
  });
}
