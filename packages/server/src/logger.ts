/**
 * The seam to whoever keeps the log. Libraries stay silent unless they are given one.
 * Never log a session description, a credential or a display name above `debug`.
 * @module
 */

/** Facts that belong to one log line. */
export type LogFields = { readonly [name: string]: unknown };

/** Where log lines go; the same shape as pino and console with the arguments swapped. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

function ignore(): void {
  // Silence is the default of a library.
}

/** Drops every line. */
export const SILENT_LOGGER: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
