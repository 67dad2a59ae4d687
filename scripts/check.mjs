// @ts-check
/**
 * `npm run check`: types, lint, format and unit tests. Meant to be run at every save of a thought.
 * @module
 */
import { exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { runTool } from './run.mjs';

/** Packages that others can install. */
const PUBLISHED = ['protocol', 'turn', 'server', 'client'];

/** @type {{ name: string, tool: string, args: string[] }[]} */
export const STATIC_CHECKS = [
  { name: 'packages compile', tool: 'tsc', args: ['-b'] },
  { name: 'tests compile', tool: 'tsc', args: ['-p', 'tsconfig.test.json'] },
  { name: 'lint', tool: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'format', tool: 'oxfmt', args: ['--check'] },
  { name: 'nothing unused', tool: 'knip', args: ['--no-config-hints'] },
  ...PUBLISHED.map((folder) => ({
    name: `${folder} is fit to publish`,
    tool: 'publint',
    args: ['--strict', `packages/${folder}`],
  })),
];

/**
 * Runs every static check, prints a line for each.
 *
 * @returns {Promise<{ passed: number, failed: string[] }>} `failed` has the names
 */
export async function runStaticChecks() {
  const failed = [];
  for (const { name, tool, args } of STATIC_CHECKS) {
    const code = await runTool(tool, args, { quiet: true });
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}`);
    if (code !== 0) failed.push(name);
  }
  return { passed: STATIC_CHECKS.length - failed.length, failed };
}

async function main() {
  await ensureInstalled();
  const { failed } = await runStaticChecks();
  const units = await runTool('vitest', ['run', '--project', 'unit', '--reporter=dot']);
  exit(failed.length === 0 && units === 0 ? 0 : 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
