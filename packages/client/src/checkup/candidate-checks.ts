/**
 * What the browser finds out about how it can be reached: its own addresses, and the one that STUN tells.
 * @module
 */
import type { IceServer } from '@parley/protocol';
import { within } from './checkup-context.ts';
import type { CheckupContext } from './checkup-context.ts';
import { finding } from './finding.ts';
import type { Finding } from './finding.ts';

/** What was gathered with STUN servers alone. */
export interface Gathered {
  /** Addresses of this device, and those that STUN told. */
  readonly host: number;
  readonly srflx: number;
  /** Every server answered: browsers go on asking one that is silent. */
  readonly isComplete: boolean;
}

/** Browsers ask a silent server for longer than this. */
const TIMEOUT_MS = 6000;

/** Gathers candidates without any relay. */
export async function gatherCandidates(
  context: CheckupContext,
  servers: readonly IceServer[],
): Promise<Gathered> {
  const stun = servers.map(({ urls }) => ({ urls: urls.filter((url) => url.startsWith('stun')) }));
  const iceServers = stun.filter(({ urls }) => urls.length > 0);
  const connection = context.platform.createConnection({ iceServers });
  const counts = { host: 0, srflx: 0 };
  connection.addEventListener('icecandidate', ({ candidate }) => {
    const type = / typ (?<type>host|srflx) /u.exec(`${candidate?.candidate ?? ''} `)?.groups?.[
      'type'
    ];
    if (type === 'host' || type === 'srflx') counts[type] += 1;
  });
  const complete = new Promise<true>((resolve) => {
    connection.addEventListener('icegatheringstatechange', () => {
      if (connection.iceGatheringState === 'complete') resolve(true);
    });
  });
  connection.createDataChannel('checkup');
  try {
    await connection.setLocalDescription();
    const isComplete = (await within(complete, TIMEOUT_MS, context)) === true;
    return { ...counts, isComplete };
  } finally {
    connection.close();
  }
}

/** Whether calls can be reached at all. */
export function judgeCandidates({ host, srflx }: Gathered): Finding {
  return host + srflx > 0
    ? finding('candidates', 'ok', 'candidatesFound', { host, srflx })
    : finding('candidates', 'fail', 'noCandidates');
}

/** Whether STUN answers. Who is behind no NAT is told an address that it has already: that is no candidate. */
export function judgeStun({ srflx, isComplete }: Gathered, reachesUdp: boolean): Finding {
  if (srflx > 0) return finding('stun', 'ok', 'addressFound');
  return isComplete || reachesUdp
    ? finding('stun', 'ok', 'sameAddress')
    : finding('stun', 'fail', 'stunSilent');
}
