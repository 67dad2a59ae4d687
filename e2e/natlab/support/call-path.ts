/**
 * The way that the packets of a call take, as one of its two ends sees it.
 * @see https://www.w3.org/TR/webrtc-stats/#icecandidate-dict*
 * @module
 */
import { canConnectDirectly, hasUdp } from '@parley/testkit';
import type { NetworkKind, TestPage } from '@parley/testkit';

/** Where the one who looks sits, and the other one. */
export interface Ends {
  readonly own: NetworkKind;
  readonly other: NetworkKind;
}

/** What of a statistics entry is looked at. */
interface Entry extends RTCStats {
  readonly selectedCandidatePairId?: string;
  readonly selected?: boolean;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly candidateType?: string;
  readonly address?: string;
  readonly relayProtocol?: string;
}

/**
 * The path of the only open connection: `direct` from browser to browser, or over the relay, which
 * this end reaches by UDP, TCP or TLS: `relay-udp`, `relay-tcp`, `relay-tls`. Nothing while there is
 * no connection.
 */
export async function readCallPath(page: TestPage): Promise<string | undefined> {
  const entries: readonly Entry[] = await page.evaluate(async () => {
    const records = (await window.rtcProbe?.read()) ?? [];
    return records.find(({ state }) => state === 'connected')?.stats ?? [];
  }, undefined);
  const find = (id: string | undefined): Entry | undefined =>
    entries.find((entry) => entry.id === id);
  const transport = entries.find((entry) => entry.selectedCandidatePairId !== undefined);
  // Firefox says it at the pair itself.
  const pair =
    find(transport?.selectedCandidatePairId) ?? entries.find(({ selected }) => selected === true);
  const [local, remote] = [find(pair?.localCandidateId), find(pair?.remoteCandidateId)];
  if (local === undefined || remote === undefined) return undefined;
  const ends = [local, remote];
  const relay = ends.find(({ candidateType }) => candidateType === 'relay')?.address;
  // For Firefox an end from which it heard before it was told of it stays `prflx`, also at the address of the relay.
  const isRelayed = ends.map(
    ({ candidateType, address }) =>
      candidateType === 'relay' || (candidateType === 'prflx' && address === relay),
  );
  if (relay === undefined) return 'direct';
  // One end alone on the relay would mean that the relay sends to foreign addresses.
  if (!isRelayed.every(Boolean)) return `${local.candidateType} to ${remote.candidateType}`;
  return `relay-${local.relayProtocol}`;
}

/**
 * Whether a caller may have this path to the other one. By which transport a caller reaches the relay
 * is left open where there is a choice: Chromium loses its first packet to the relay when its UDP
 * socket takes more than 50 ms to open, as it does on a busy machine. It sends the next one 250 ms
 * later; by then it has connected by TCP, and looks no further.
 */
export function isExpectedPath(path: string | undefined, ends: Ends): boolean {
  if (canConnectDirectly(ends.own, ends.other)) return path === 'direct';
  return path === 'relay-tcp' || path === 'relay-tls' || (path === 'relay-udp' && hasUdp(ends.own));
}
