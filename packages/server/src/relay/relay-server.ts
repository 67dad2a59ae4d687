/**
 * Our own STUN and TURN: the UDP side of the port, and the TURN connections of the TCP side.
 * @module
 */
import type { Socket } from 'node:net';
import { ParleyError } from '@parley/protocol';
import { createUdpBackend, ThreadedTurnServer, TurnServer } from '@parley/turn';
import type { ThreadHealth } from '@parley/turn';
import type { UdpListener } from '../one-port.ts';
import type { ResolvedServerOptions } from '../options.ts';
import type { RelayAccess } from './relay-access.ts';
import { loadTurnSecrets } from '../secret-file.ts';

/** Why UDP does not work as demanded. */
export type UdpErrorCode = 'ERR_UDP_BACKEND';

/** What the relay has done since the start: totals, and how many allocations live now. */
export type RelayStats = Readonly<
  TurnServer['counters'] & TurnServer['transportCounters'] & { readonly threads: ThreadHealth }
>;

const NO_THREADS: ThreadHealth = { down: 0, restarts: 0 };

/** STUN and TURN for one IP address; `::` covers IPv4 as well. */
export interface RelayServer extends UdpListener, RelayAccess {
  readonly stats: RelayStats;
  /** Serves a connection whose next byte begins a STUN message. */
  handleTurn(socket: Socket, transport: 'tcp' | 'tls'): void;
}

/** The secrets of our relay, the one that makes credentials first; none when it is off. */
export function turnSecretsOf(options: ResolvedServerOptions): readonly string[] {
  if (options.relay === 'off') return [];
  return options.turnSecrets ?? loadTurnSecrets(options.dataDir);
}

/** @throws {ParleyError} a {@link UdpErrorCode} when UDP cannot be done as the options demand */
export async function checkUdp({ udp }: ResolvedServerOptions): Promise<void> {
  if (udp !== 'batch') return;
  await createUdpBackend({ backend: udp }).catch((cause: unknown) => {
    throw new ParleyError(
      'ERR_UDP_BACKEND',
      'UDP in batches does not work here: it needs 64-bit Linux and the package "koffi". ' +
        'Leave the option udp out to use what works.',
      { cause },
    );
  });
}

/**
 * Nothing is bound before `listen`.
 * @throws {ParleyError} `ERR_OPTIONS` when the relay cannot use the options; so does `listen`
 */
export function createRelayServer(
  host: string,
  options: ResolvedServerOptions,
  secrets: readonly string[],
): RelayServer {
  const turn = createTurnServer(options, secrets);
  return {
    get stats() {
      const threads = turn instanceof TurnServer ? NO_THREADS : turn.health;
      return structuredClone({ ...turn.counters, ...turn.transportCounters, threads });
    },
    listen: async (port) => {
      const address = await turn.listen({ host, port }).catch((error: unknown) => {
        throw asOptionsError(error);
      });
      return address.port;
    },
    close: () => turn.close(),
    handleTurn: (socket, transport) => turn.handleConnection(socket, transport),
    admit: ({ room, peer }) => turn.admit(room, peer),
    revoke: ({ room, peer }) => turn.revoke(room, peer),
  };
}

function createTurnServer(
  options: ResolvedServerOptions,
  secrets: readonly string[],
): TurnServer | ThreadedTurnServer {
  const { relay, relayPorts, relayAddresses, allowPeers, relayWorkers, udp, logger } = options;
  const common = { relay, secrets, relayPorts, relayAddresses, allowPeers, udp, logger };
  const server = { ...common, trackMembers: true };
  try {
    if (relayWorkers === 0) return new TurnServer(server);
    return new ThreadedTurnServer({ ...server, workers: relayWorkers });
  } catch (error) {
    throw asOptionsError(error);
  }
}

/** A RangeError is how the relay speaks of options that make no sense. */
function asOptionsError(error: unknown): unknown {
  if (!(error instanceof RangeError)) return error;
  return new ParleyError('ERR_OPTIONS', error.message, { cause: error });
}
