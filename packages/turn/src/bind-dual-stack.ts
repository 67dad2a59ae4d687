/**
 * UDP sockets for one host: both address families on the same port number where "all interfaces"
 * is meant, one socket otherwise.
 * @module
 */
import { isIP } from 'node:net';
import type { PacketReceiver, PacketSocket, UdpBackend } from './engine/packet-socket.ts';
import type { AddressFamily } from './wire/transport-address.ts';

/** What to bind, and who receives. */
export interface DualStackRequest {
  readonly backend: UdpBackend;
  readonly receiver: PacketReceiver;
  /** A literal IP address. `::` and the empty text mean all interfaces, IPv4 and IPv6. */
  readonly host: string;
  /** 0 takes one that is free in both families. */
  readonly port: number;
  /** Lets other servers of this machine bind the same port, to share its clients. */
  readonly reusePort: boolean;
}

interface Endpoint {
  readonly host: string;
  readonly family: AddressFamily;
}

const ALL_INTERFACES: readonly Endpoint[] = [
  { host: '0.0.0.0', family: 4 },
  { host: '::', family: 6 },
];

/** A number free in one family may be taken in the other; then another one is tried. */
const MAX_ATTEMPTS = 20;

/**
 * Binds at least one socket.
 * @throws {RangeError} when `host` is no IP address.
 * @throws the system's own error with its `code` (`EADDRINUSE`, `EACCES`...); nothing stays bound.
 */
export async function bindDualStack(request: DualStackRequest): Promise<readonly PacketSocket[]> {
  const endpoints = endpointsOf(request.host);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await bindAll(request, endpoints);
    } catch (error) {
      const mayRetry = request.port === 0 && attempt < MAX_ATTEMPTS;
      if (!mayRetry || errorCode(error) !== 'EADDRINUSE') throw error;
    }
  }
}

function endpointsOf(host: string): readonly Endpoint[] {
  if (host === '' || host === '::') return ALL_INTERFACES;
  const version = isIP(host);
  if (version === 0) throw new RangeError(`host must be an IP address, got "${host}"`);
  return [{ host, family: version === 4 ? 4 : 6 }];
}

async function bindAll(
  request: DualStackRequest,
  endpoints: readonly Endpoint[],
): Promise<readonly PacketSocket[]> {
  const sockets: PacketSocket[] = [];
  let missingFamily: unknown;
  for (const endpoint of endpoints) {
    const port = sockets[0]?.local.port ?? request.port;
    try {
      sockets.push(await bindOne(request, endpoint, port));
    } catch (error) {
      missingFamily = error;
      if (endpoints.length > 1 && isFamilyMissing(error)) continue;
      for (const socket of sockets) socket.close();
      throw error;
    }
  }
  if (sockets.length === 0) throw missingFamily;
  return sockets;
}

function bindOne(
  { backend, receiver, reusePort }: DualStackRequest,
  { host, family }: Endpoint,
  port: number,
): Promise<PacketSocket> {
  return backend.bind({ host, family, port, receiver, reusePort });
}

/** This machine has only one of the two families. */
function isFamilyMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL';
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
