/**
 * Program that runs another program on a host of the laboratory, and lets this machine's loopback
 * address reach the port by which that program is controlled: Firefox listens on a socket for its
 * driver, and would listen where nobody can connect. Arguments: namespace, program, and the program's
 * own arguments.
 * @module
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { argv, exit } from 'node:process';
import { enterNamespace, loadNamespaceLibc } from './namespace-entry.ts';

const LOOPBACK = '127.0.0.1';
/** How drivers ask for any free port; it has to be one that is free in both networks. */
const ANY_PORT = '--remote-debugging-port=0';
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

const [namespace = '', program = '', ...args] = argv.slice(2);

// Opened before the move: this listener stays in the network of the driver.
const listener = createServer((driver) => {
  const target = connect(listeningPort(), LOOPBACK);
  driver.on('error', () => target.destroy()).on('close', () => target.destroy());
  target.on('error', () => driver.destroy()).on('close', () => driver.destroy());
  driver.pipe(target).pipe(driver);
});
listener.listen(0, LOOPBACK);
await once(listener, 'listening');

function listeningPort(): number {
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('The bridge has no port.');
  return address.port;
}

enterNamespace(await loadNamespaceLibc(), namespace);
const port = `--remote-debugging-port=${listeningPort()}`;
const child = spawn(
  program,
  args.map((arg) => (arg === ANY_PORT ? port : arg)),
  { stdio: 'inherit' },
);
for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => exit(code ?? 1));
