/**
 * Program of a switch between hosts of the laboratory: this kernel has no module for delay and loss, so
 * frames take the way through this process. Told what to do by its parent, ends with it.
 * @module
 */
import { constants, setPriority } from 'node:os';
import { exit } from 'node:process';
import { FramePump } from './frame-pump.ts';
import type { PortPlan, SwitchCommand, SwitchReport } from './switch-messages.ts';
import { loadTapLibc, openTap } from './tap-device.ts';

// A cable is as long as it is, however busy the computers at its ends are.
setPriority(constants.priority.PRIORITY_HIGHEST);

let pump: FramePump | undefined;

async function start(ports: readonly PortPlan[]): Promise<void> {
  const libc = await loadTapLibc();
  const sinks = ports.map(({ namespace, device }) => openTap(libc, namespace, device));
  const started = new FramePump({
    sinks,
    now: () => performance.now(),
    random: Math.random,
    setTimer: setTimeout,
  });
  for (const [port, cable] of ports.entries()) started.shape(port, cable);
  for (const [port, sink] of sinks.entries()) {
    sink.listen((frame) => started.receive(port, frame));
  }
  pump = started;
}

function report(message: SwitchReport): void {
  process.send?.(message);
}

process.on('message', (command: SwitchCommand) => {
  switch (command.type) {
    case 'start':
      start(command.ports).then(
        () => report({ type: 'ready' }),
        (error: unknown) => report({ type: 'failed', message: String(error) }),
      );
      break;
    case 'shape':
      pump?.shape(command.port, command.cable);
      break;
  }
});
process.on('disconnect', () => exit());
