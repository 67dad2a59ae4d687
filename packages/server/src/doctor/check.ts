/**
 * What one look at a server found.
 * @module
 */

/** Whether it works; `warn`: it does, but somebody will be bothered. */
export type CheckStatus = 'ok' | 'warn' | 'fail' | 'skip';

/** One row of the table. */
export interface Check {
  readonly name: string;
  readonly status: CheckStatus;
  /** What was seen, in a few words. */
  readonly detail: string;
  /** The one thing to do; with `warn` and `fail`. */
  readonly fix?: string;
}

/** It works. */
export function passed(name: string, detail: string): Check {
  return { name, status: 'ok', detail };
}

/** It does not. */
export function failed(name: string, detail: string, fix: string): Check {
  return { name, status: 'fail', detail, fix };
}

/** It works in a way that bothers somebody. */
export function warned(name: string, detail: string, fix: string): Check {
  return { name, status: 'warn', detail, fix };
}

/** It was not tried, because something before it failed. */
export function skipped(name: string, detail: string): Check {
  return { name, status: 'skip', detail };
}

/** The system's code of an error, or its message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return reasonOf(error.cause);
  const code = 'code' in error ? String(error.code) : '';
  return code === '' ? error.message : code;
}
