/**
 * The table as text, for a message to whoever runs the server. It has no address of the person and no
 * credential in it. Pure.
 * @module
 */
import type { Finding } from '@parley/client/checkup';
import type { FindingWords } from './finding-words.ts';

/** Where and with what the test was made. */
export interface ReportFrame {
  readonly title: string;
  readonly origin: string;
  readonly browser: string;
  readonly date: Date;
}

/** One line for each row, and the fix below it. */
export function formatReport(
  frame: ReportFrame,
  rows: readonly { readonly finding: Finding; readonly words: FindingWords }[],
): string {
  const lines = rows.flatMap(({ finding: { reason }, words: { name, status, detail, fix } }) => {
    const line = `${status}: ${name}: ${detail} (${reason})`;
    return fix === undefined ? [line] : [line, `  ${fix}`];
  });
  const { title, origin, browser, date } = frame;
  return [title, origin, date.toISOString(), browser, '', ...lines, ''].join('\n');
}
