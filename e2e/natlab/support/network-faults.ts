/**
 * What goes wrong in the network of a caller.
 * @module
 */
import type { Caller } from './caller.ts';

/** Nothing passes between this caller and these addresses. */
export async function block({ network }: Caller, addresses: readonly string[]): Promise<void> {
  const rules = addresses.flatMap((address) => [
    `add rule inet fault out ip daddr ${address} drop`,
    `add rule inet fault in ip saddr ${address} drop`,
  ]);
  await network.host.nft(`add table inet fault
add chain inet fault out { type filter hook output priority 0; }
add chain inet fault in { type filter hook input priority 0; }
${rules.join('\n')}
`);
}

/** No UDP leaves the caller's computer. */
export async function blockUdp({ network }: Caller): Promise<void> {
  await network.host.nft(`add table inet fault
add chain inet fault out { type filter hook output priority 0; }
add rule inet fault out meta l4proto udp drop
`);
}

/** Everything passes again. */
export async function unblock({ network }: Caller): Promise<void> {
  await network.host.nft('add table inet fault\ndelete table inet fault\n');
}

/** The caller's computer gets another address, as in another network; one without NAT. */
export async function move({ network }: Caller, address: string): Promise<void> {
  await network.host.ip(
    'address flush dev eth0 scope global',
    `address add ${address}/16 dev eth0`,
    'route add default via 10.99.0.1',
  );
}
