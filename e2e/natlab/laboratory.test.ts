/** The laboratory cleans up after itself, and after runs that could not. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { eventually, openNetworkLab } from '@parley/testkit';
import type { LabHost, NetworkLab } from '@parley/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const THIS_RUN = new RegExp(`^parley-lab-${process.pid}-`, 'u');

function namespaces(pattern: RegExp): string[] {
  return readdirSync('/run/netns').filter((name) => pattern.test(name));
}

describe('the network laboratory', () => {
  let lab: NetworkLab;
  let host: LabHost;

  beforeEach(async () => {
    lab = await openNetworkLab();
    host = await lab.addHost('host');
  });
  afterEach(() => lab.close());

  it('ends every process and leaves nothing behind', async () => {
    const sleeper = host.start('sleep', ['1000']);
    const ended = once(sleeper, 'exit');
    const other = await lab.addHost('other');
    await lab.connect({ host, device: 'eth0' }, { host: other, device: 'eth0' });
    await lab.close();
    await lab.close();
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(namespaces(THIS_RUN)).toEqual([]);
  });

  it('removes what a crashed run has left, and nothing of a run that goes on', async () => {
    const crashed = `parley-lab-${process.pid}-1-1-host`; // This process did not start at tick 1.
    execFileSync('ip', ['netns', 'add', crashed]);
    const sleeper = spawn('ip', ['netns', 'exec', crashed, 'sleep', '1000']);
    const ended = once(sleeper, 'exit');
    const entered = () => execFileSync('ip', ['netns', 'pids', crashed]).toString();
    await eventually('a process inside', entered, (pids) => pids !== '');

    const next = await openNetworkLab();
    try {
      expect(await ended).toEqual([null, 'SIGKILL']);
      expect(namespaces(THIS_RUN)).toEqual([host.namespace]);
    } finally {
      await next.close();
    }
  });

  it('gives its hosts no way to the network of this machine', async () => {
    const devices = await host.run('cat', ['/proc/net/dev']);
    const names = [...devices.matchAll(/^\s*([^\s:]+):/gmu)].map(([, name]) => name);
    expect(names).toEqual(['lo']);
  });

  it('shows what a command complained about', async () => {
    await expect(host.ip('link set nowhere up')).rejects.toThrow(/nowhere/u);
    await expect(host.nft('add rule ip no such')).rejects.toThrow(/nft -f -/u);
    await expect(lab.addHost('host')).rejects.toThrow('already has a host "host"');
  });
});
