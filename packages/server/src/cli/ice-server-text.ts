/**
 * An ICE server as one word of a command line: `stun:HOST[:PORT]`, or
 * `turn:USER:PASSWORD@HOST[:PORT][?transport=udp|tcp]`; `stuns:` and `turns:` likewise. The address
 * is an RFC 7064 or RFC 7065 URI; user and password before the `@` are our addition, percent-encoded
 * where they contain `:`, `@`, `,` or `%`. Pure parsing.
 * @see https://www.rfc-editor.org/rfc/rfc7065#section-3.1
 * @module
 */
import { ParleyError } from '@parley/protocol';
import type { IceServer } from '@parley/protocol';
import { isIceAddress, splitIceUrl } from '../ice-url.ts';

/** @throws {ParleyError} `ERR_OPTIONS`; the message never repeats a password. */
export function parseIceServer(text: string): IceServer {
  const parts = splitIceUrl(text);
  if (parts === undefined) throw refused('must start with stun:, stuns:, turn: or turns:');
  const { scheme, rest } = parts;
  const at = rest.lastIndexOf('@');
  const address = rest.slice(at + 1);
  if (!isIceAddress(scheme, address)) {
    throw refused(`has no valid address, got "${address}"; an example is ${example(scheme)}`);
  }
  const urls = [`${scheme}:${address}`];
  if (scheme.startsWith('stun')) {
    if (at !== -1) throw refused(`${scheme}: takes no user and password`);
    return { urls };
  }
  return { urls, ...parseCredentials(at === -1 ? '' : rest.slice(0, at)) };
}

function parseCredentials(text: string): { username: string; credential: string } {
  const colon = text.indexOf(':');
  const username = decode(text.slice(0, Math.max(colon, 0)));
  const credential = decode(text.slice(colon + 1));
  if (colon === -1 || username === '' || credential === '') {
    throw refused(`needs a user and a password, as in ${example('turn')}`);
  }
  return { username, credential };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused('has a % that is not followed by two hexadecimal digits; write % as %25');
  }
}

function example(scheme: string): string {
  return scheme.startsWith('stun')
    ? `${scheme}:stun.example.org:3478`
    : `${scheme}:user:password@turn.example.org:3478`;
}

function refused(problem: string): ParleyError {
  return new ParleyError('ERR_OPTIONS', `an ICE server ${problem}`);
}
