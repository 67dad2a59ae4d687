/**
 * Binds TCP and UDP to the same port number. UDP is bound first: nobody can connect before both are
 * there.
 * @module
 */
import { lookup } from 'node:dns/promises';
import type { Server } from 'node:net';
import { ParleyError } from '@parley/protocol';

/** The UDP side; `@parley/turn` provides it. */
export interface UdpListener {
  /** Resolves to the bound port; rejects with the system's error. */
  listen(port: number): Promise<number>;
  close(): Promise<void>;
}

/** What was bound. */
export interface BoundPort<Udp extends UdpListener = UdpListener> {
  /** An IP address. */
  readonly host: string;
  readonly port: number;
  readonly udp: Udp;
}

/** Why a port cannot be had. */
export type PortErrorCode = 'ERR_PORT_IN_USE' | 'ERR_PORT_DENIED' | 'ERR_HOST_UNAVAILABLE';

/** Everything `bindOnePort` works with. */
export interface OnePortRequest<Udp extends UdpListener = UdpListener> {
  readonly tcp: Server;
  /** Makes a listener for this IP address; nothing is bound yet. */
  readonly openUdp: (host: string) => Udp;
  /** Absent: all interfaces. */
  readonly host: string | undefined;
  readonly port: number;
}

/** IPv6 sockets take IPv4 as well; a machine without IPv6 has only the second. */
const ALL_INTERFACES = ['::', '0.0.0.0'];
/** Tries to find a number that is free for both, when any will do. */
const MAX_ATTEMPTS = 20;

/** @throws {ParleyError} a {@link PortErrorCode} with a sentence that says what to do. */
export async function bindOnePort<Udp extends UdpListener>(
  request: OnePortRequest<Udp>,
): Promise<BoundPort<Udp>> {
  const hosts = request.host === undefined ? ALL_INTERFACES : [request.host];
  let failure: unknown;
  for (const host of hosts) {
    try {
      const { address } = await lookup(host);
      return await bindOnHost(request, address);
    } catch (error) {
      failure = error;
      if (!isFamilyMissing(error)) break;
    }
  }
  throw startError(failure, request);
}

async function bindOnHost<Udp extends UdpListener>(
  request: OnePortRequest<Udp>,
  host: string,
): Promise<BoundPort<Udp>> {
  const attempts = request.port === 0 ? MAX_ATTEMPTS : 1;
  let failure: unknown;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const udp = request.openUdp(host);
    try {
      const port = await udp.listen(request.port);
      await listenTcp(request.tcp, host, port);
      return { host, port, udp };
    } catch (error) {
      failure = error;
      await udp.close();
      if (errorCode(error) !== 'EADDRINUSE') break;
    }
  }
  throw failure;
}

function listenTcp(tcp: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    tcp.once('error', reject);
    tcp.listen({ host, port }, () => {
      tcp.off('error', reject);
      resolve();
    });
  });
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function isFamilyMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL';
}

function startError(cause: unknown, request: OnePortRequest): unknown {
  const { port, host = 'this machine' } = request;
  const describe = (code: PortErrorCode, message: string): ParleyError<PortErrorCode> =>
    new ParleyError(code, message, { cause });
  switch (errorCode(cause)) {
    case 'EADDRINUSE':
      return describe(
        'ERR_PORT_IN_USE',
        `Port ${port} is already in use. Stop the program that holds it, or choose another port.`,
      );
    case 'EACCES':
      return describe(
        'ERR_PORT_DENIED',
        `The system does not let us use port ${port}. Choose one above 1023.`,
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return describe(
        'ERR_HOST_UNAVAILABLE',
        `Cannot listen on "${host}": it is not an address of this machine.`,
      );
    default:
      return cause;
  }
}
