/**
 * What stands for one customer of a network: an IPv4 address, or the first 64 bits of an IPv6 one, in
 * which a single household moves freely. Pure.
 * @module
 */
const IPV4_IN_IPV6 = /^::ffff:(?<v4>\d+\.\d+\.\d+\.\d+)$/i;
const GROUPS = 8;
const PREFIX_GROUPS = 4;

/** Equal for addresses that are counted together. */
export function addressKey(address: string): string {
  const v4 = IPV4_IN_IPV6.exec(address)?.groups?.['v4'];
  if (v4 !== undefined || !address.includes(':')) return v4 ?? address;
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').toLowerCase().split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle =
    tail === undefined ? [] : Array(Math.max(0, GROUPS - first.length - last.length)).fill('0');
  return `${[...first, ...middle, ...last].slice(0, PREFIX_GROUPS).join(':')}::`;
}

/** An address of this very machine, behind which a proxy may stand for everybody. */
export function isLoopback(address: string): boolean {
  return address === '::1' || addressKey(address).startsWith('127.');
}
