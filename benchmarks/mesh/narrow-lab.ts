/**
 * One sender behind a narrow uplink, several receivers on a good network, and the server.
 * @module
 */
import { execPath } from 'node:process';
import {
  findBrowser,
  launchBrowser,
  openNetworkLab,
  startServerProcess,
  startShapedSwitch,
} from '@parley/testkit';
import type { LabHost, LinkShape, TestBrowser, TestPage } from '@parley/testkit';

const DEVICE = 'eth0';
const PORT = 8443;
const ADDRESSES = { server: '10.96.0.1', sender: '10.96.0.2', receivers: '10.96.0.3' } as const;

/** The laboratory of these benchmarks. Its owner must `close` it. */
export interface NarrowLab {
  readonly server: string;
  openSender(): Promise<TestPage>;
  openReceiver(): Promise<TestPage>;
  /** What the sender sends goes through this from now on. */
  shape(uplink: LinkShape): void;
  close(): Promise<void>;
}

/** Builds it; what the sender sends goes through `uplink`. */
export async function openNarrowLab(uplink: LinkShape): Promise<NarrowLab> {
  const lab = await openNetworkLab();
  const hosts = {
    server: await lab.addHost('server'),
    sender: await lab.addHost('sender'),
    receivers: await lab.addHost('receivers'),
  };
  const cables = await startShapedSwitch(
    Object.values(hosts).map((host) => ({ host, device: DEVICE })),
  );
  for (const name of ['server', 'sender', 'receivers'] as const) {
    await hosts[name].ip(`address add ${ADDRESSES[name]}/24 dev ${DEVICE}`);
  }
  const address = ['--host', ADDRESSES.server, '--port', String(PORT)];
  const parley = await startServerProcess(address, { node: hosts.server.wrap(execPath) });
  const server = `http://${ADDRESSES.server}:${PORT}`;
  const sender = await launchOn(hosts.sender, server);
  const receivers = await launchOn(hosts.receivers, server);
  cables.shape(hosts.sender, { up: uplink });
  return {
    server,
    openSender: () => sender.newPage(),
    openReceiver: () => receivers.newPage(),
    shape: (changed) => cables.shape(hosts.sender, { up: changed }),
    async close() {
      await Promise.all([sender.close(), receivers.close()]);
      await parley.close();
      await cables.close();
      await lab.close();
    },
  };
}

function launchOn(host: LabHost, trustedOrigin: string): Promise<TestBrowser> {
  const program = host.wrap(findBrowser('chromium'));
  return launchBrowser('chromium', { program, trustedOrigin });
}
