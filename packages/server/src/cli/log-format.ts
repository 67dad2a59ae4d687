/**
 * Log lines for people and for machines. Pure: a line is text that ends where the line ends,
 * whatever was logged.
 * @module
 */
import type { LogFields } from '../logger.ts';

/** What is written: only warnings and errors, in words; or all that happens, one line each. */
export type LogFormat = 'trouble' | 'text' | 'json';

/** How much a line matters. */
export type LogLevel = 'info' | 'warn' | 'error';

/** All formats, in the order in which help names them. */
export const LOG_FORMATS: readonly LogFormat[] = ['trouble', 'text', 'json'];

/** One thing that happened. */
export interface LogEntry {
  readonly time: Date;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** One line to read: `2026-11-22T15:00:00.000Z info joined peer=A1 people=2`. */
export function formatTextLine({ time, level, message, fields }: LogEntry): string {
  const words = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${formatValue(plainValue(value))}`],
  );
  return [time.toISOString(), level, message, ...words].join(' ');
}

/** Errors say nothing as JSON; their stack says it all. */
function plainValue(value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? value.message) : value;
}

function formatValue(value: unknown): string {
  const isWord = typeof value === 'number' || typeof value === 'boolean' || isPlainWord(value);
  return isWord ? String(value) : (JSON.stringify(value) ?? String(value));
}

function isPlainWord(value: unknown): boolean {
  return typeof value === 'string' && /^[\w.:/[\]-]+$/.test(value);
}
