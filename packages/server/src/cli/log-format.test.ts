import { describe, expect, it } from 'vitest';
import { formatJsonLine, formatTextLine } from './log-format.ts';
import type { LogEntry } from './log-format.ts';

function entry(fields: LogEntry['fields'], message = 'joined'): LogEntry {
  return { time: new Date(0), level: 'info', message, fields };
}

describe('formatTextLine', () => {
  it('writes words as they are, and quotes the rest', () => {
    const fields = { peer: 'A-1_b', people: 2, from: '[::1]:7', note: 'a "b"', none: undefined };
    expect(formatTextLine(entry(fields))).toBe(
      '1970-01-01T00:00:00.000Z info joined peer=A-1_b people=2 from=[::1]:7 note="a \\"b\\""',
    );
  });

  it('is one line, whatever was logged', () => {
    const error = new Error('broken\nin two');
    const line = formatTextLine(entry({ error, text: 'x\r\ny', nested: { a: '\n' }, n: null }));
    expect(line).not.toMatch(/[\r\n]/);
    expect(line).toContain('broken\\nin two');
  });
});

describe('formatJsonLine', () => {
  it('is one JSON object on one line', () => {
    const line = formatJsonLine(entry({ peer: 'A', error: new TypeError('no\nway') }));
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      level: 'info',
      message: 'joined',
      peer: 'A',
      error: expect.stringMatching(/^TypeError: no\nway\n/),
    });
  });

  it('does not let a field take the place of what every line has', () => {
    const fields = { time: 'never', level: 'loud', message: 'lies' };
    expect(JSON.parse(formatJsonLine(entry(fields)))).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      level: 'info',
      message: 'joined',
    });
  });
});
