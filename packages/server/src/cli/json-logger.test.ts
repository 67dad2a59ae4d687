import { describe, expect, it } from 'vitest';
import { createJsonLogger } from './json-logger.ts';

function setUp() {
  const lines: string[] = [];
  const logger = createJsonLogger({
    printError: (text) => lines.push(text),
    now: () => new Date(0),
  });
  return { lines, logger };
}

describe('createJsonLogger', () => {
  it('writes one JSON object on one line', () => {
    const { lines, logger } = setUp();
    logger.info('joined', { peer: 'A', error: new TypeError('no\nway') });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('\n');
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      level: 'info',
      message: 'joined',
      peer: 'A',
      error: {
        type: 'TypeError',
        message: 'no\nway',
        stack: expect.stringMatching(/^TypeError: no\nway\n/),
      },
    });
  });

  it('does not let a field take the place of what every line has', () => {
    const { lines, logger } = setUp();
    logger.info('joined', { time: 'never', level: 'loud', message: 'lies' });
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      level: 'info',
      message: 'joined',
    });
    expect(lines[0]).not.toContain('lies');
  });

  it('leaves out what is below info', () => {
    const { lines, logger } = setUp();
    logger.debug('the address of somebody');
    expect(lines).toEqual([]);
  });
});
