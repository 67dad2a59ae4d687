import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatLabName, parseLabOwner, parseStartTicks } from './lab-name.ts';

describe('lab names', () => {
  const owner = { pid: 4711, startTicks: 991_234 };

  it('tell who made the laboratory and each of its hosts', () => {
    const name = formatLabName(owner, 3);
    expect(parseLabOwner(name)).toEqual(owner);
    expect(parseLabOwner(`${name}-server`)).toEqual(owner);
  });

  it.each(['', 'parley-lab', 'parley-lab-x-1-2', 'other-lab-1-2-3', 'a parley-lab-1-2-3'])(
    'leave alone what somebody else made: "%s"',
    (name) => expect(parseLabOwner(name)).toBeUndefined(),
  );
});

describe('parseStartTicks', () => {
  it('is not misled by the name of the command', () => {
    const numbers = Array.from({ length: 30 }, (_, index) => index + 3);
    expect(parseStartTicks(`12 (a) b) R) S ${numbers.slice(1).join(' ')}\n`)).toBe(22);
  });

  it('reads a number for this process', () => {
    expect(parseStartTicks(readFileSync('/proc/self/stat', 'utf8'))).toBeGreaterThan(0);
  });
});
