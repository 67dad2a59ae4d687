import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHostRequest, parsePasscode } from './door.ts';

describe('decodeHostRequest', () => {
  it('DOOR-3 takes what a host can mean, and nothing besides', () => {
    expect(decodeHostRequest({ do: 'admit', id: 'abc', more: 1 })).toEqual({
      ok: true,
      do: 'admit',
      id: 'abc',
    });
    expect(decodeHostRequest({ do: 'door', knock: true, passcode: ' sesame ' })).toEqual({
      ok: true,
      do: 'door',
      knock: true,
      passcode: 'sesame',
    });
    expect(decodeHostRequest({ do: 'door', passcode: null })).toMatchObject({ passcode: null });
  });

  it('DOOR-3 has a verdict on anything at all', () => {
    const parts = fc.constantFrom('door', 'admit', 'remove', '__proto__', '');
    const request = fc.record(
      {
        do: fc.oneof(parts, fc.anything()),
        id: fc.anything(),
        locked: fc.anything(),
        passcode: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(request, fc.anything()), (value) => {
        expect(decodeHostRequest(value)).toHaveProperty('ok');
      }),
    );
  });
});

describe('parsePasscode', () => {
  it('DOOR-3 composes and trims, so that two spellings of one passcode are one', () => {
    expect(parsePasscode(' cafe\u0301 ')).toBe('caf\u00e9');
    expect(parsePasscode('x'.repeat(65))).toBeUndefined();
    expect(parsePasscode(['sesame'])).toBeUndefined();
  });
});
