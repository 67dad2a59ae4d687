/**
 * Addresses of STUN and TURN servers: `HOST[:PORT][?transport=udp|tcp]` behind a scheme.
 * Pure parsing.
 * @see https://www.rfc-editor.org/rfc/rfc7065#section-3.1
 * @module
 */
import { isIPv6 } from 'node:net';

/** Schemes of servers that help two peers to reach each other. */
export type IceScheme = 'stun' | 'stuns' | 'turn' | 'turns';

const SCHEME = /^(?<scheme>stuns?|turns?):(?<rest>.+)$/;
const ADDRESS =
  /^(?<host>[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])(?::(?<port>\d{1,5}))?(?<query>\?transport=(?:udp|tcp))?$/;
const MAX_PORT = 65_535;

/** Cuts the scheme off; `undefined` when it is none of the four. */
export function splitIceUrl(
  text: string,
): { readonly scheme: IceScheme; readonly rest: string } | undefined {
  const { scheme, rest } = SCHEME.exec(text)?.groups ?? {};
  return isIceScheme(scheme) && rest !== undefined ? { scheme, rest } : undefined;
}

/** True when `address` may stand behind `scheme`; only TURN may name a transport. */
export function isIceAddress(scheme: IceScheme, address: string): boolean {
  const { host, port, query } = ADDRESS.exec(address)?.groups ?? {};
  const isHost = host !== undefined && (!host.startsWith('[') || isIPv6(host.slice(1, -1)));
  const isPort = port === undefined || (Number(port) > 0 && Number(port) <= MAX_PORT);
  return isHost && isPort && (query === undefined || scheme.startsWith('turn'));
}

/** True for the URL of a TURN server, without user and password. */
export function isTurnUrl(text: string): boolean {
  const parts = splitIceUrl(text);
  return (
    parts !== undefined && parts.scheme.startsWith('turn') && isIceAddress(parts.scheme, parts.rest)
  );
}

function isIceScheme(text: string | undefined): text is IceScheme {
  return text === 'stun' || text === 'stuns' || text === 'turn' || text === 'turns';
}
