// @ts-check
/**
 * `npm run screenshots`: draws every state of the app into docs/screenshots, in English and in Korean.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { exit } from 'node:process';
import { build } from './build.mjs';
import { runTool } from './run.mjs';

/** What pages are written in, as fontconfig names it; what no font has is drawn as boxes. */
const SCRIPTS = [
  { name: 'Hangul', pattern: ':lang=ko', package: 'fonts-noto-cjk' },
  { name: 'emoji', pattern: ':lang=und-zsye', package: 'fonts-noto-color-emoji' },
];

/** @param {string} pattern */
function hasFont(pattern) {
  try {
    return execFileSync('fc-list', [pattern, 'family'], { encoding: 'utf8' }).trim() !== '';
  } catch {
    // No fontconfig: not a system where fonts can be missing like that.
    return true;
  }
}

const missing = SCRIPTS.filter(({ pattern }) => !hasFont(pattern));
for (const { name, package: wanted } of missing) {
  console.error(`No font here has ${name}. On Debian: apt-get install ${wanted}`);
}
if (missing.length > 0) exit(1);
await build();
exit(await runTool('vitest', ['run', '--project', 'screenshots']));
