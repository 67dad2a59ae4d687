/**
 * What the URL of an ICE server says. Pure.
 * @see https://www.rfc-editor.org/rfc/rfc7065#section-3.1
 * @module
 */
import type { IceServer } from '@parley/protocol';
import type { CheckName } from './finding.ts';

/** One relay, and the row in which it is looked at. */
export interface RelayTarget {
  readonly check: Extract<CheckName, 'turnUdp' | 'turnTcp' | 'turnTls'>;
  readonly url: string;
  readonly port: number;
}

const URL_PARTS =
  /^(?<scheme>turns?):(?:\[[0-9a-f:.]+\]|[^:?]+)(?::(?<port>\d+))?(?:\?transport=(?<transport>udp|tcp))?$/iu;
const TURN_PORT = 3478;
const TURN_TLS_PORT = 5349;

/** The relay that `url` names; `undefined` for STUN and for what is no such URL. */
export function parseRelayTarget(url: string): RelayTarget | undefined {
  const parts = URL_PARTS.exec(url)?.groups;
  if (parts === undefined) return undefined;
  const isTls = parts['scheme']?.toLowerCase() === 'turns';
  const plain = parts['transport']?.toLowerCase() === 'tcp' ? 'turnTcp' : 'turnUdp';
  return {
    check: isTls ? 'turnTls' : plain,
    url,
    port: Number(parts['port'] ?? (isTls ? TURN_TLS_PORT : TURN_PORT)),
  };
}

/** Every URL of these servers. */
export function urlsOf(servers: readonly IceServer[]): readonly string[] {
  return servers.flatMap(({ urls }) => urls);
}

/** The server with this URL, and nothing but this URL. */
export function serverFor(servers: readonly IceServer[], url: string): IceServer | undefined {
  const server = servers.find(({ urls }) => urls.includes(url));
  return server && { ...server, urls: [url] };
}
