// @ts-check
/**
 * `npm test`: everything. Installs what is missing, builds, checks, and runs the three rings of tests.
 * The last line is `N passed, N failed`.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { exit } from 'node:process';
import { build } from './build.mjs';
import { runStaticChecks } from './check.mjs';
import { ensureInstalled } from './install.mjs';
import { run, runTool } from './run.mjs';
import { ensureTools } from './tools.mjs';

const RINGS = ['unit', 'integration', 'e2e'];
const total = { passed: 0, failed: 0 };

/** @param {{ passed: number, failed: number }} result */
function add(result) {
  total.passed += result.passed;
  total.failed += result.failed;
}

/** @param {string} title */
function announce(title) {
  console.log(`\n=== ${title}`);
}

/**
 * Runs a step that either works or not.
 *
 * @param {string} name
 * @param {() => Promise<unknown>} step a rejection is a failure
 * @returns {Promise<boolean>} whether it worked
 */
async function attempt(name, step) {
  announce(name);
  try {
    await step();
    add({ passed: 1, failed: 0 });
    return true;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    add({ passed: 0, failed: 1 });
    return false;
  }
}

/**
 * Runs one ring of tests.
 *
 * @param {string} ring
 * @param {string} folder for the report
 */
async function runRing(ring, folder) {
  announce(`${ring} tests`);
  const report = `${folder}/${ring}.json`;
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await runTool('vitest', ['run', '--project', ring, ...reporters]);
  add(readReport(report, code));
}

/**
 * @param {string} path
 * @param {number} code exit code of the runner
 */
function readReport(path, code) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(path, 'utf8'));
    // A file that cannot be loaded, or an error outside any test, fails the run without failing a test.
    const failed = numFailedTests === 0 && code !== 0 ? 1 : numFailedTests;
    return numPassedTests + failed === 0
      ? { passed: 0, failed: 1 }
      : { passed: numPassedTests, failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

/** What everything else stands on; false when a part of it is missing. */
async function prepare() {
  return (
    (await attempt('dependencies', ensureInstalled)) &&
    (await attempt('browsers and tools', ensureTools)) &&
    (await attempt('build', build))
  );
}

async function checkSizes() {
  const code = await run('node', ['scripts/sizes.mjs']);
  if (code !== 0) throw new Error('A download is larger than its budget.');
}

async function main() {
  const folder = mkdtempSync(`${tmpdir()}/parley-test-`);
  try {
    if (await prepare()) {
      announce('static checks');
      add(await runStaticChecks());
      await attempt('download sizes', checkSizes);
      for (const ring of RINGS) await runRing(ring, folder);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  exit(total.failed === 0 ? 0 : 1);
}

await main();
