/**
 * A log for machines: lines of JSON, written by pino.
 * @see https://github.com/pinojs/pino/blob/main/docs/api.md
 * @module
 */
import { pino, stdSerializers } from 'pino';
import type { Logger } from '../logger.ts';
import type { LogSink } from './log-sink.ts';

/** A logger whose lines have `time`, `level`, `message`, and the fields beside them. */
export function createJsonLogger(sink: LogSink): Logger {
  const log = pino(
    {
      level: 'info',
      base: null,
      messageKey: 'message',
      serializers: { error: stdSerializers.err },
      timestamp: () => `,"time":"${sink.now().toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    { write: (line: string) => sink.printError(line.trimEnd()) },
  );
  const at =
    (level: keyof Logger): Logger['info'] =>
    (message, fields = {}) => {
      const { time: _time, level: _level, message: _message, ...rest } = fields;
      log[level](rest, message);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
