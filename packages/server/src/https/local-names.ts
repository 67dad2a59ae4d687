/**
 * The names and addresses under which this machine can be reached. Pure: the system's answers come in.
 * @module
 */
import { BlockList, isIPv6 } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';

/** As `os.networkInterfaces()` and `os.hostname()` tell it. */
export interface MachineNames {
  readonly interfaces: { readonly [name: string]: readonly NetworkInterfaceInfo[] | undefined };
  readonly hostName: string;
}

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];
/** Labels of letters, digits and hyphens: others are no host names. */
const HOST_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9-]{1,63})*$/;

const NOT_PUBLIC = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  NOT_PUBLIC.addSubnet(address, bits, 'ipv4');
}
for (const [address, bits] of [
  ['::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  NOT_PUBLIC.addSubnet(address, bits, 'ipv6');
}

/** Addresses that other devices of the same network can use, IPv4 first. */
export function lanAddresses({ interfaces }: Pick<MachineNames, 'interfaces'>): readonly string[] {
  const outer = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    // A link-local address needs a zone, which a URL cannot carry.
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address);
  return [...outer.filter((one) => !isIPv6(one)), ...outer.filter((one) => isIPv6(one))];
}

/** Everything that a certificate for this machine should name. */
export function localNames(machine: MachineNames): readonly string[] {
  const { hostName } = machine;
  const named = HOST_NAME.test(hostName) ? [hostName, `${hostName.split('.', 1)[0]}.local`] : [];
  return [...new Set([...lanAddresses(machine), ...named, ...LOOPBACK])];
}

/** The first address that the whole internet can use, if this machine has one itself. */
export function publicAddress(machine: Pick<MachineNames, 'interfaces'>): string | undefined {
  return lanAddresses(machine).find(isPublicAddress);
}

/** Whether authorities and strangers can reach this address. */
export function isPublicAddress(address: string): boolean {
  return !NOT_PUBLIC.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
