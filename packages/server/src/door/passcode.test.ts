import { describe, expect, it } from 'vitest';
import { isPasscodeRecord, Passcodes } from './passcode.ts';

const OLD = 'a secret that has been replaced by another';
const NEW = 'the secret that has replaced the other one';

describe('passcodes', () => {
  it('DOOR-5 are kept so that nobody can read them, and differ for equal ones', async () => {
    const passcodes = new Passcodes([NEW]);
    const records = [await passcodes.record('sesame'), await passcodes.record('sesame')];
    expect(records.every(isPasscodeRecord)).toBe(true);
    expect(records[0]).not.toBe(records[1]);
    expect(records.join('')).not.toContain('sesame');
    for (const record of records) {
      expect(await passcodes.matches('sesame', record)).toBe(true);
      expect(await passcodes.matches('Sesame', record)).toBe(false);
    }
  });

  it('DOOR-5 outlive a change of the secret, and are worth nothing without it', async () => {
    const record = await new Passcodes([OLD], 2).record('sesame');
    expect(await new Passcodes([NEW, OLD], 2).matches('sesame', record)).toBe(true);
    expect(await new Passcodes([NEW], 2).matches('sesame', record)).toBe(false);
  });

  it.each([[undefined], [7], [''], ['a.b'], [`${'a'.repeat(16)}.${'b'.repeat(42)}`]])(
    'DOOR-5 are not what does not look like a record: %j',
    (value) => {
      expect(isPasscodeRecord(value)).toBe(false);
    },
  );
});
