/**
 * Carries out what the recovery of a link has decided.
 * @module
 */
import type { SetTimer } from '../platform.ts';
import type { ConnectionFactory } from './connection-factory.ts';
import type { PeerLink } from './peer-link.ts';
import type { RecoveryStep } from './recovery.ts';

/** What a repair works with. */
export interface RepairOptions {
  /** The newest one, which is not in use before it is connected. */
  readonly newest: () => PeerLink;
  readonly isPolite: boolean;
  readonly connections: Pick<ConnectionFactory, 'reconfigure'>;
  readonly setTimer: SetTimer;
  /** Resolves when there are relay credentials that are good for some time. */
  readonly refreshIceServers: () => Promise<void>;
  /** Calls the peer on another connection. */
  readonly rebuild: () => void;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

/** How long the polite side lets the other one go first ... */
const POLITE_WAIT_MS = 250;
/** ... and how long fresh credentials are waited for. */
const REFRESH_TIMEOUT_MS = 1_000;

/**
 * Offers another search for a path, or another connection, unless the other side just does.
 * @returns false when it has to be done once more: the server went out of reach, and the one that is found
 * next may have another relay; only a search that is offered while it is away may find something even so
 */
export async function repairLink(step: RecoveryStep, options: RepairOptions): Promise<boolean> {
  const { isPolite, connections, refreshIceServers, rebuild, signal } = options;
  const link = options.newest();
  const { remoteOffer } = link;
  const isOver = (): boolean => signal.aborted || link !== options.newest();
  const isRefreshed = await wait(options, REFRESH_TIMEOUT_MS, refreshIceServers());
  if (isOver()) return true;
  if (!isRefreshed && step !== 'restart') return false;
  // Also the one who answers gathers with it.
  connections.reconfigure(link.connection, step === 'relay' ? relayOnly : undefined);
  if (isPolite) await wait(options, POLITE_WAIT_MS);
  if (isOver()) return true;
  // Another search of the other side makes ours needless, but not another connection.
  if (step !== 'rebuild' && link.remoteOffer !== remoteOffer) return true;
  // A page without the SDK knows nothing of other connections.
  if (step === 'rebuild' && link.isSdk) rebuild();
  else link.restart();
  return true;
}

/** Offers another search to a call that works, unless its path is the one that the application wants. */
export async function searchAgain(options: RepairOptions): Promise<void> {
  const { isSdk, connection } = options.newest();
  options.connections.reconfigure(connection);
  const isRelayWanted = connection.getConfiguration().iceTransportPolicy === 'relay';
  // A page without the SDK may not know what to do with another offer.
  if (isSdk && !isRelayWanted) await repairLink('restart', options);
}

/** Until time is up, the task is over, or everything ends; false when the task has failed. */
function wait(
  { setTimer, signal }: RepairOptions,
  delayMs: number,
  task?: Promise<void>,
): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isWell: boolean): void => {
      stop();
      signal.removeEventListener('abort', finish);
      resolve(isWell);
    };
    const finish = (): void => end(true);
    const stop = setTimer(finish, delayMs);
    signal.addEventListener('abort', finish);
    void task?.then(finish, () => end(false));
  });
}

/** Only relays that are reached by TCP or TLS; everything when there are none. */
function relayOnly(configuration: RTCConfiguration): RTCConfiguration {
  const iceServers = (configuration.iceServers ?? []).flatMap((server) => {
    const urls = [server.urls].flat().filter((url) => /^turns:|^turn:.*=tcp/u.test(url));
    return urls.length > 0 ? Object.assign({}, server, { urls }) : [];
  });
  if (iceServers.length === 0) return configuration;
  return { ...configuration, iceServers, iceTransportPolicy: 'relay' };
}
