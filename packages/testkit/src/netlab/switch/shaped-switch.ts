/**
 * A switch between hosts of the laboratory whose cables have delay, loss and a rate.
 * @module
 */
import { execFileSync, fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import type { LabHost } from '../lab-host.ts';
import { labProgram } from '../lab-program.ts';
import type { CableShape, PortPlan, SwitchCommand, SwitchReport } from './switch-messages.ts';

/** A host, and the device that this cable becomes there. */
export interface ShapedCable extends CableShape {
  readonly host: LabHost;
  readonly device: string;
}

/** A running switch. Its owner must `close` it, and then the devices are gone. */
export interface ShapedSwitch {
  /** Gives the cable of a host another shape, from the next frame on. */
  shape(host: LabHost, cable: CableShape): void;
  close(): Promise<void>;
}

/**
 * Connects hosts by a switch; their devices are up and have no address yet. Hosts that are one round
 * trip of `r` apart each have a delay of `r / 2` up, or of `r / 4` both ways.
 */
export async function startShapedSwitch(cables: readonly ShapedCable[]): Promise<ShapedSwitch> {
  ensureTunDevice();
  const child = fork(labProgram('switch/switch-process'), { execArgv: [] });
  const exited = once(child, 'exit');
  const send = (command: SwitchCommand): void => {
    child.send(command);
  };
  const close = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    await exited;
  };
  const ports = cables.map(({ host, ...cable }): PortPlan => {
    return { ...cable, namespace: host.namespace };
  });
  send({ type: 'start', ports });
  const { type, ...report } = await readReport(child);
  if (type === 'failed') {
    await close();
    throw new Error(`The switch of the laboratory did not start: ${JSON.stringify(report)}`);
  }
  await Promise.all(cables.map(({ host, device }) => host.ip(`link set ${device} up`)));
  return {
    shape: (host, cable) => {
      send({ type: 'shape', port: cables.findIndex((port) => port.host === host), cable });
    },
    close,
  };
}

function readReport(child: ChildProcess): Promise<SwitchReport> {
  return new Promise((resolve) => {
    child.once('message', (report: SwitchReport) => resolve(report));
    child.once('exit', (code) => {
      resolve({ type: 'failed', message: `it ended with code ${code}` });
    });
  });
}

/** Containers often have the driver but not the file that leads to it. */
function ensureTunDevice(): void {
  if (existsSync('/dev/net/tun')) return;
  mkdirSync('/dev/net', { recursive: true });
  execFileSync('mknod', ['/dev/net/tun', 'c', '10', '200']);
}
