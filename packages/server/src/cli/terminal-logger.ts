/**
 * Where the command writes its log: lines on stderr.
 * @module
 */
import { SILENT_LOGGER } from '../logger.ts';
import type { Logger } from '../logger.ts';
import { createJsonLogger } from './json-logger.ts';
import { formatTextLine } from './log-format.ts';
import type { LogFormat, LogLevel } from './log-format.ts';
import type { LogSink } from './log-sink.ts';

/** A logger that writes lines of this format. */
export function createTerminalLogger(format: LogFormat, sink: LogSink): Logger {
  if (format === 'trouble') return troubleLogger(sink);
  if (format === 'json') return createJsonLogger(sink);
  const at =
    (level: LogLevel): Logger['info'] =>
    (message, fields = {}) =>
      sink.printError(formatTextLine({ time: sink.now(), level, message, fields }));
  return { ...SILENT_LOGGER, info: at('info'), warn: at('warn'), error: at('error') };
}

/** Only what needs a person's attention reaches the terminal. */
function troubleLogger(sink: LogSink): Logger {
  const tell: Logger['warn'] = (message, fields) => {
    const { error } = fields ?? {};
    sink.printError(`parley: ${message}${error instanceof Error ? `\n${error.stack}` : ''}`);
  };
  return { ...SILENT_LOGGER, warn: tell, error: tell };
}
