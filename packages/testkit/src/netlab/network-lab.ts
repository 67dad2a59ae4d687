/**
 * A laboratory of virtual computers and cables on this machine, for tests that need real networks:
 * namespaces, virtual Ethernet and firewalls of the Linux kernel. Nothing in it can reach this
 * machine's own network, or be reached from there.
 * @module
 */
import { mkdirSync, rmSync } from 'node:fs';
import { formatLabName } from './lab-name.ts';
import { LabHost } from './lab-host.ts';
import { addNamespace, findLabPrograms } from './lab-requirements.ts';
import type { LabPrograms } from './lab-requirements.ts';
import { identifyThisProcess, labFolder, removeLeftovers, removeNamespace } from './leftovers.ts';
import { runCommand } from './run-command.ts';

/** One end of a cable. */
export interface CableEnd {
  readonly host: LabHost;
  /** Name of the network device it becomes there, of at most 15 characters. */
  readonly device: string;
}

/** Virtual computers that belong together. Its owner must `close` it. */
export interface NetworkLab {
  /** A computer without any cable; its name is unique in this laboratory. */
  addHost(name: string): Promise<LabHost>;
  /** Connects two hosts; both devices are up and have no address yet. */
  connect(one: CableEnd, other: CableEnd): Promise<void>;
  /** Ends every process on every host and removes them all. Idempotent. */
  close(): Promise<void>;
}

let opened = 0;

/** Opens an empty laboratory. @throws with what this machine lacks */
export async function openNetworkLab(): Promise<NetworkLab> {
  const programs = findLabPrograms();
  await removeLeftovers(programs);
  opened += 1;
  const name = formatLabName(identifyThisProcess(), opened);
  mkdirSync(labFolder(name));
  return new NamespaceLab(name, programs);
}

class NamespaceLab implements NetworkLab {
  readonly #name: string;
  readonly #programs: LabPrograms;
  readonly #hosts = new Map<string, LabHost>();

  constructor(name: string, programs: LabPrograms) {
    this.#name = name;
    this.#programs = programs;
  }

  async addHost(name: string): Promise<LabHost> {
    if (this.#hosts.has(name)) throw new Error(`The laboratory already has a host "${name}".`);
    const namespace = `${this.#name}-${name}`;
    const folder = labFolder(this.#name);
    const host = new LabHost({ name, namespace, programs: this.#programs, folder });
    await addNamespace(this.#programs, namespace);
    this.#hosts.set(name, host);
    // An address of a device that came a second later would be a change of network to Chromium, which then breaks off what it fetches.
    for (const devices of ['all', 'default']) {
      await host.setKernelParameter(`net.ipv6.conf.${devices}.accept_dad`, 0);
    }
    await host.ip('link set lo up');
    return host;
  }

  async connect(one: CableEnd, other: CableEnd): Promise<void> {
    const { ip } = this.#programs;
    const first = [one.device, 'netns', one.host.namespace];
    const second = ['name', other.device, 'netns', other.host.namespace];
    await runCommand(ip, ['link', 'add', ...first, 'type', 'veth', 'peer', ...second]);
    await one.host.ip(`link set ${one.device} up`);
    await other.host.ip(`link set ${other.device} up`);
  }

  async close(): Promise<void> {
    const hosts = [...this.#hosts.values()];
    this.#hosts.clear();
    await Promise.all(hosts.map(({ namespace }) => removeNamespace(this.#programs, namespace)));
    rmSync(labFolder(this.#name), { recursive: true, force: true });
  }
}
