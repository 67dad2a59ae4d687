/**
 * The table of `parley doctor`. Pure.
 * @module
 */
import type { Check, CheckStatus } from './check.ts';

const SIGNS: { readonly [S in CheckStatus]: string } = {
  ok: 'ok  ',
  warn: 'WARN',
  fail: 'FAIL',
  skip: '-   ',
};

/** The table, and below it what to do. */
export function formatChecks(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const rows = checks.map(({ name, status, detail }) => {
    return `  ${SIGNS[status]}  ${name.padEnd(width)}  ${detail}`;
  });
  const fixes = checks.flatMap(({ name, fix }) => (fix === undefined ? [] : [`  ${name}: ${fix}`]));
  if (fixes.length === 0) return [...rows, '', '  Everything works.'].join('\n');
  return [...rows, '', '  What to do:', ...fixes].join('\n');
}

/** Whether something does not work. */
export function hasFailed(checks: readonly Check[]): boolean {
  return checks.some(({ status }) => status === 'fail');
}
