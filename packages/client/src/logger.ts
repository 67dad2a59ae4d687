/**
 * Where the SDK writes what it does. Silent unless the application hands in its own.
 * @module
 */

/** Values that explain a log line. Never a credential, a session description or a display name. */
export type LogFields = Readonly<Record<string, unknown>>;

/** `console` has this shape. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const ignore = (): void => {};

/** The default: says nothing. */
export const SILENT_LOGGER: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
