/**
 * What a proxy in front tells about a request, believed only of proxies that the owner named.
 * @see https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For
 * @module
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { parseHostHeader } from '../host-name.ts';

type Request = Pick<IncomingMessage, 'headers' | 'socket'>;

const MAPPED = /^::ffff:(?=\d+\.)/i;

/** The proxies of one server. */
export class Proxies {
  readonly #trusted = new BlockList();
  readonly #any: boolean;

  /** Addresses and networks like `10.0.0.0/8`, checked already. */
  constructor(networks: readonly string[]) {
    this.#any = networks.length > 0;
    for (const network of networks) {
      const [address = '', bits] = network.split('/');
      const family = isIPv6(address) ? 'ipv6' : 'ipv4';
      this.#trusted.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
    }
  }

  /** The Host header as the client sent it, port included; `undefined` when it is malformed. */
  hostHeaderOf(request: Request): string | undefined {
    const forwarded = this.#isForwarded(request)
      ? firstOf(request.headers['x-forwarded-host'])
      : undefined;
    const host = forwarded ?? request.headers.host;
    return parseHostHeader(host) === undefined ? undefined : host;
  }

  /** The client's address: the last one in the list that is no proxy of ours. */
  addressOf(request: Request): string {
    const direct = plainAddress(request.socket.remoteAddress ?? '');
    if (!this.#isForwarded(request)) return direct;
    const listed = String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((one) => plainAddress(one.trim()))
      .filter((one) => isIP(one) !== 0);
    return listed.findLast((one) => !this.#isTrusted(one)) ?? direct;
  }

  #isForwarded({ socket }: Request): boolean {
    return this.#any && this.#isTrusted(plainAddress(socket.remoteAddress ?? ''));
  }

  #isTrusted(address: string): boolean {
    return isIP(address) !== 0 && this.#trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return (Array.isArray(header) ? header[0] : header)?.split(',', 1)[0]?.trim();
}

function plainAddress(address: string): string {
  return address.replace(MAPPED, '');
}
