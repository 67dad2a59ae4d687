/**
 * What goes wrong in the network of a computer.
 * @module
 */
import type { LabHost } from './lab-host.ts';

const TABLE = 'inet fault';
const OUT = `add table ${TABLE}
add chain ${TABLE} out { type filter hook output priority 0; }`;
const IN = `add chain ${TABLE} in { type filter hook input priority 0; }`;

/** Nothing passes between this computer and these IPv4 addresses. */
export async function block(host: LabHost, addresses: readonly string[]): Promise<void> {
  const rules = addresses.flatMap((address) => [
    `add rule ${TABLE} out ip daddr ${address} drop`,
    `add rule ${TABLE} in ip saddr ${address} drop`,
  ]);
  await host.nft(`${[OUT, IN, ...rules].join('\n')}\n`);
}

/** No UDP leaves this computer. */
export async function blockUdp(host: LabHost): Promise<void> {
  await host.nft(`${OUT}\nadd rule ${TABLE} out meta l4proto udp drop\n`);
}

/** Everything passes again. */
export async function unblock(host: LabHost): Promise<void> {
  await host.nft(`add table ${TABLE}\ndelete table ${TABLE}\n`);
}

/** Where a computer is found in its network. */
export interface NetworkPlace {
  /** With the length of its prefix, such as `10.0.0.2/16`. */
  readonly address: string;
  /** @default it reaches nobody beyond its own network */
  readonly gateway?: string;
}

/** The computer gets another address, as in another network. */
export async function move(host: LabHost, { address, gateway }: NetworkPlace): Promise<void> {
  await host.ip(
    'address flush dev eth0 scope global',
    `address add ${address} dev eth0`,
    ...(gateway === undefined ? [] : [`route add default via ${gateway}`]),
  );
}
