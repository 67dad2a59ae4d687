// @ts-check
/**
 * `npm test`: everything. Installs what is missing, builds, checks, and runs the three rings of tests.
 * The last line is `N passed, N failed`.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { relative } from 'node:path';
import { exit } from 'node:process';
import { build } from './build.mjs';
import { runStaticChecks } from './check.mjs';
import { ensureInstalled } from './install.mjs';
import { run, runTool } from './run.mjs';
import { ensureTools } from './tools.mjs';

const LINES_PER_FAILURE = 6;
const RINGS = ['unit', 'integration', 'e2e'];
const total = { passed: 0, failed: 0 };
/** What failed and why, told once more at the end: the log between is long. */
/** @type {string[]} */
const failures = [];

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
    const message = error instanceof Error ? error.message : String(error);
    console.error(message);
    failures.push(`${name}: ${message}`);
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
  const result = readReport(report);
  // A file that cannot be loaded, or an error outside any test, fails the run without failing a test.
  if (result.failed.length === 0 && (code !== 0 || result.passed === 0)) {
    result.failed.push(`the ${ring} tests as a whole (exit code ${code})`);
  }
  failures.push(...result.failed);
  add({ passed: result.passed, failed: result.failed.length });
}

/**
 * @param {string} path
 * @returns {{ passed: number, failed: string[] }}
 */
function readReport(path) {
  try {
    /** @type {{ numPassedTests: number, testResults: { name: string, status: string, message: string, assertionResults: { status: string, fullName: string, failureMessages: string[] }[] }[] }} */
    const { numPassedTests, testResults } = JSON.parse(readFileSync(path, 'utf8'));
    const failed = testResults.flatMap(({ name, status, message, assertionResults }) => {
      const file = relative('', name);
      const tests = assertionResults.filter((test) => test.status === 'failed');
      // What a file does before its first test can fail as well.
      if (status === 'failed' && tests.length === 0)
        return [`${file}: its tests could not begin. ${message}`];
      return tests.map((test) => `${file} > ${test.fullName}: ${test.failureMessages[0] ?? ''}`);
    });
    return { passed: numPassedTests, failed };
  } catch {
    return { passed: 0, failed: [] };
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

/** @param {string} failure */
function firstLines(failure) {
  return failure.split('\n').slice(0, LINES_PER_FAILURE).join('\n');
}

async function main() {
  const folder = mkdtempSync(`${tmpdir()}/parley-test-`);
  try {
    if (await prepare()) {
      announce('static checks');
      const checks = await runStaticChecks();
      add({ passed: checks.passed, failed: checks.failed.length });
      failures.push(...checks.failed.map((name) => `static check: ${name}`));
      await attempt('download sizes', checkSizes);
      for (const ring of RINGS) await runRing(ring, folder);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (failures.length > 0) announce('what failed');
  for (const failure of failures) console.log(firstLines(failure));
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  exit(total.failed === 0 ? 0 : 1);
}

await main();
