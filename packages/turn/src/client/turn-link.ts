/**
 * The way from a TURN client to its server: UDP, TCP or TLS. Hands over whole STUN messages.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-3.1
 * @module
 */
import { createSocket } from 'node:dgram';
import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { HEADER_BYTES } from '../wire/message-reader.ts';

/** How a server is reached. */
export type LinkTransport = 'udp' | 'tcp' | 'tls';

/** Where it is. */
export interface LinkTarget {
  readonly transport: LinkTransport;
  readonly host: string;
  readonly port: number;
  /** Whether a certificate that nobody vouches for is refused. TLS only. @default true */
  readonly checkCertificate?: boolean;
  /** Authorities to trust in place of those of the system, as PEM. */
  readonly authorities?: string;
  /** How long to wait for a connection. @default 5000 */
  readonly timeoutMs?: number;
}

/** An open way. Its owner must `close` it. */
export interface TurnLink {
  /** Whether what is sent may get lost. */
  readonly isLossy: boolean;
  send(message: Buffer): void;
  close(): void;
}

const DEFAULT_TIMEOUT_MS = 5000;

/** Opens it; rejects with the system's error. */
export function openTurnLink(
  target: LinkTarget,
  onMessage: (message: Buffer) => void,
): Promise<TurnLink> {
  return target.transport === 'udp' ? openUdp(target, onMessage) : openStream(target, onMessage);
}

async function openUdp(
  { host, port }: LinkTarget,
  onMessage: (message: Buffer) => void,
): Promise<TurnLink> {
  const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
  socket.on('message', onMessage);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(port, host, resolve);
    });
  } catch (error) {
    socket.close();
    throw error;
  }
  // A port that answers with "unreachable" is as silent as one that does not.
  socket.on('error', () => {});
  return {
    isLossy: true,
    send: (message) => socket.send(message),
    close: () => socket.close(),
  };
}

async function openStream(
  target: LinkTarget,
  onMessage: (message: Buffer) => void,
): Promise<TurnLink> {
  const socket = await connectStream(target);
  let held: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    for (let end = messageEnd(held); end <= held.length; end = messageEnd(held)) {
      onMessage(held.subarray(0, end));
      held = held.subarray(end);
    }
  });
  socket.on('error', () => {});
  return {
    isLossy: false,
    send: (message) => void socket.write(message),
    close: () => socket.destroy(),
  };
}

/** Where the first message ends; beyond any buffer while its header has not come. */
function messageEnd(bytes: Buffer): number {
  return bytes.length < HEADER_BYTES ? Infinity : HEADER_BYTES + bytes.readUInt16BE(2);
}

function connectStream(target: LinkTarget): Promise<Socket> {
  const { transport, host, port, checkCertificate = true, authorities } = target;
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = target;
  return new Promise((resolve, reject) => {
    const socket =
      transport === 'tls'
        ? connectTls({
            host,
            port,
            rejectUnauthorized: checkCertificate,
            ...(isIP(host) === 0 && { servername: host }),
            ...(authorities !== undefined && { ca: authorities }),
          })
        : connectTcp({ host, port });
    const timer = setTimeout(() => {
      socket.destroy(new Error(`no connection within ${timeoutMs} ms`));
    }, timeoutMs);
    socket.once('close', () => clearTimeout(timer));
    socket.once('error', reject);
    socket.once(transport === 'tls' ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}
