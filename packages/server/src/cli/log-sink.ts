/**
 * Where loggers of the command write to.
 * @module
 */

/** What a logger needs from the process. */
export interface LogSink {
  printError(text: string): void;
  now(): Date;
}
