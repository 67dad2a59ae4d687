/**
 * The name by which a client reached us, taken from its request. Pure parsing of untrusted text.
 * @module
 */
import { isIPv6 } from 'node:net';

const NAME_AND_PORT = /^(?<name>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}))(?::\d{1,5})?$/;
const IPV6_AND_PORT = /^\[(?<address>[0-9A-Fa-f:.]{2,45})\](?::\d{1,5})?$/;
/** Names of one's own machine: browsers take what it serves for secure. */
const OWN_MACHINE = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/iu;
const MAPPED_IPV4 = /^::ffff:(?<ipv4>\d+\.\d+\.\d+\.\d+)$/i;

/**
 * The host part of a Host header, without the port; IPv6 stays in brackets. `undefined` when the
 * header is absent or is anything but a host name or an address.
 */
export function parseHostHeader(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const name = NAME_AND_PORT.exec(header)?.groups?.['name'];
  if (name !== undefined) return name;
  const address = IPV6_AND_PORT.exec(header)?.groups?.['address'];
  return address !== undefined && isIPv6(address) ? `[${address}]` : undefined;
}

/** Whether a host, as it stands in a URL, is the machine of whoever reads the page. */
export function isOwnMachine(host: string): boolean {
  return OWN_MACHINE.test(host);
}

/** An IP address as it stands in a URL: IPv6 in brackets, IPv4-mapped IPv6 as IPv4. */
export function formatUrlHost(address: string): string {
  const ipv4 = MAPPED_IPV4.exec(address)?.groups?.['ipv4'];
  if (ipv4 !== undefined) return ipv4;
  return isIPv6(address) ? `[${address}]` : address;
}
