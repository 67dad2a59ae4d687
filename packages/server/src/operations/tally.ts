/**
 * What people did since the start, counted. Totals only: no names, no addresses. Pure.
 * @module
 */

/** Takes note of what happens. Called once per message at most. */
export interface ServerObserver {
  joined(): void;
  resumed(): void;
  /** A message was refused with this code. */
  refused(code: string): void;
}

/** Running totals. */
export class Tally implements ServerObserver {
  joins = 0;
  resumes = 0;
  readonly refusals: Map<string, number> = new Map<string, number>();

  joined(): void {
    this.joins += 1;
  }

  resumed(): void {
    this.resumes += 1;
  }

  refused(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }
}
