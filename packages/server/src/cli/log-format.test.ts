import { describe, expect, it } from 'vitest';
import { formatTextLine } from './log-format.ts';
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
