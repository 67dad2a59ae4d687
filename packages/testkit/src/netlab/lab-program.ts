/**
 * Our own small programs that run on hosts of the laboratory, each in a process of its own because a
 * process has one network. Node runs them from the build.
 * @module
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where `npm run build` puts this folder; the same seen from the source and from the build. */
const BUILD = new URL('../../dist/netlab/', import.meta.url);

/** Path of a built program, given by its place in this folder without ending. */
export function labProgram(name: string): string {
  const path = fileURLToPath(new URL(`${name}.js`, BUILD));
  if (!existsSync(path)) throw new Error(`${path} is not built. Type: npm run build`);
  return path;
}
