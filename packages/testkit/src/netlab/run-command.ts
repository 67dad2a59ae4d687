/**
 * Runs a command to its end. One that fails becomes an error that shows what was typed and what it said.
 * @module
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** Runs a command with `input` as its standard input; resolves to what it prints. */
export async function runCommand(
  program: string,
  args: readonly string[],
  input = '',
): Promise<string> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  // A command that ends before it has read everything says so by its exit code.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code, output, complaint] = await Promise.all([
    exited,
    text(child.stdout),
    text(child.stderr),
  ]);
  if (code === 0) return output;
  const typed = [program, ...args].join(' ');
  throw new Error([`${typed} ended with ${code}:`, complaint || output, input].join('\n').trim());
}
