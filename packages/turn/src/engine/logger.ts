/**
 * Where a library tells what happens. Silent unless its owner listens.
 * @module
 */

/** Facts beside a message. Never a credential. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** Takes one line each; `message` is constant text, everything variable is in `fields`. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Says nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
