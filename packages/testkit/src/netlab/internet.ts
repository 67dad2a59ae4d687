/**
 * A small internet inside the laboratory: one switch that everything public hangs on, servers with
 * public addresses, and networks of callers behind routers of every kind. Its "public" addresses are
 * private ones (RFC 1918, RFC 4193) that exist nowhere but in these namespaces.
 * @module
 */
import type { LabHost } from './lab-host.ts';
import { formatRouterRules } from './nat-rules.ts';
import { NETWORK_PLANS } from './network-kind.ts';
import type { NetworkKind } from './network-kind.ts';
import type { NetworkLab } from './network-lab.ts';

/** Device of every host but routers. */
const DEVICE = 'eth0';
const SWITCH = 'switch';
const GATEWAY = { ipv4: '10.99.0.1', ipv6: 'fd99::1' } as const;
/** As in most homes: the same inner addresses everywhere. */
const HOME = { router: '192.168.1.1', caller: '192.168.1.2' } as const;

/** A host that everybody can reach, by IPv4 and by IPv6. */
export interface PublicServer {
  readonly host: LabHost;
  /** Two addresses of each family; programs that need only one use the first. */
  readonly ipv4: readonly [string, string];
  readonly ipv6: readonly [string, string];
}

/** Where one caller sits. */
export interface CallerNetwork {
  readonly kind: NetworkKind;
  /** The caller's computer. */
  readonly host: LabHost;
  /** Where the world sees it: its own address, or that of its router. */
  readonly address: string;
  /** The router in front of it, if there is one. */
  readonly router: LabHost | undefined;
}

/** The internet of one laboratory. */
export interface Internet {
  addServer(name: string): Promise<PublicServer>;
  /** A network of its own for one caller. */
  addCaller(name: string, kind: NetworkKind): Promise<CallerNetwork>;
}

/** Lays the switch that everything public is connected to. */
export async function buildInternet(lab: NetworkLab): Promise<Internet> {
  const host = await lab.addHost('internet');
  await host.ip(
    `link add ${SWITCH} type bridge`,
    `link set ${SWITCH} up`,
    `address add ${GATEWAY.ipv4}/16 dev ${SWITCH}`,
    `address add ${GATEWAY.ipv6}/64 dev ${SWITCH} nodad`,
  );
  return new BridgedInternet(lab, host);
}

class BridgedInternet implements Internet {
  readonly #lab: NetworkLab;
  readonly #host: LabHost;
  #servers = 0;
  #callers = 0;

  constructor(lab: NetworkLab, host: LabHost) {
    this.#lab = lab;
    this.#host = host;
  }

  async addServer(name: string): Promise<PublicServer> {
    this.#servers += 1;
    const number = this.#servers;
    const ipv4 = [`10.99.1.${number}`, `10.99.2.${number}`] as const;
    const ipv6 = [`fd99::1:${number}`, `fd99::2:${number}`] as const;
    const host = await this.#lab.addHost(name);
    await this.#plugIn(host, DEVICE, `s${number}`);
    await host.ip(
      ...publicIpv4(DEVICE, ipv4[0]),
      `address add ${ipv4[1]}/16 dev ${DEVICE}`,
      ...publicIpv6(DEVICE, ipv6[0]),
      // Never chosen by the kernel: a program that does not choose answers from the first address.
      `address add ${ipv6[1]}/64 dev ${DEVICE} nodad preferred_lft 0`,
    );
    return { host, ipv4, ipv6 };
  }

  async addCaller(name: string, kind: NetworkKind): Promise<CallerNetwork> {
    this.#callers += 1;
    const number = this.#callers;
    const port = `c${number}`;
    const host = await this.#lab.addHost(name);
    const { router, family } = NETWORK_PLANS[kind];
    const address = family === 'IPv4' ? `10.99.3.${number}` : `fd99::3:${number}`;
    if (router === undefined) {
      await this.#plugIn(host, DEVICE, port);
      const settings = family === 'IPv4' ? publicIpv4 : publicIpv6;
      await host.ip(...settings(DEVICE, address));
      return { kind, host, address, router: undefined };
    }
    const box = await this.#lab.addHost(`${name}-router`);
    await this.#plugIn(box, 'wan', port);
    await this.#lab.connect({ host: box, device: 'lan' }, { host, device: DEVICE });
    await box.nft(formatRouterRules({ ...router, address }));
    await box.ip(...publicIpv4('wan', address), `address add ${HOME.router}/24 dev lan`);
    await box.setKernelParameter('net.ipv4.ip_forward', 1);
    await host.ip(
      `address add ${HOME.caller}/24 dev ${DEVICE}`,
      `route add default via ${HOME.router}`,
    );
    return { kind, host, address, router: box };
  }

  async #plugIn(host: LabHost, device: string, port: string): Promise<void> {
    await this.#lab.connect({ host, device }, { host: this.#host, device: port });
    await this.#host.ip(`link set ${port} master ${SWITCH}`);
  }
}

function publicIpv4(device: string, address: string): string[] {
  return [`address add ${address}/16 dev ${device}`, `route add default via ${GATEWAY.ipv4}`];
}

function publicIpv6(device: string, address: string): string[] {
  // Without `nodad` the address could not be used for a second.
  return [`address add ${address}/64 dev ${device} nodad`, `route add default via ${GATEWAY.ipv6}`];
}
