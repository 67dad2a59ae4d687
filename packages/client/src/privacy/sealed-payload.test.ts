import { ParleyError } from '@parley/protocol';
import type { Payload } from '@parley/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSealed, encodeSealed } from './sealed-payload.ts';

const SALT = 'AAECAwQFBgcICQoLDA0ODw';
const BOX = new Uint8Array([1, 2, 3]);
const FIELDS = { v: 1, s: SALT, n: 0, d: 'AQID' };

/** The code of what `act` throws; any other error goes on. */
function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ParleyError) return error.code;
    throw error;
  }
  return 'none';
}

describe('sealed payload', () => {
  it('SEAL-1 is written as the documentation says, and read again', () => {
    const payload = encodeSealed({ salt: SALT, counter: 0, box: BOX });
    expect(payload).toEqual({ sealed: FIELDS });
    expect(decodeSealed(payload)).toEqual({ salt: SALT, counter: 0, box: BOX });
  });

  it.each<readonly [string, Payload]>([
    ['another version', { sealed: { ...FIELDS, v: 2 } }],
    ['no version', { sealed: { s: SALT, n: 0, d: 'AQID' } }],
    ['a salt that is no text', { sealed: { ...FIELDS, s: 22 } }],
    ['a negative number', { sealed: { ...FIELDS, n: -1 } }],
    ['a fraction', { sealed: { ...FIELDS, n: 0.5 } }],
    ['a number beyond exact ones', { sealed: { ...FIELDS, n: 2 ** 53 } }],
    ['a number as text', { sealed: { ...FIELDS, n: '0' } }],
    ['no box', { sealed: { v: 1, s: SALT, n: 0 } }],
    ['a box in another alphabet', { sealed: { ...FIELDS, d: 'AQI=' } }],
    ['a list', { sealed: [1, SALT, 0, 'AQID'] }],
    ['nothing', { sealed: null }],
  ])('SEAL-5 with %s is malformed', (_, payload) => {
    expect(codeOf(() => decodeSealed(payload))).toBe('ERR_SEAL_FORMAT');
  });

  it.each<readonly [string, Payload]>([
    ['an open description', { type: 'offer', sdp: 'v=0' }],
    ['the end of candidates', null],
    ['an empty object', {}],
  ])('SEAL-4 %s is not sealed', (_, payload) => {
    expect(codeOf(() => decodeSealed(payload))).toBe('ERR_SIGNAL_UNSEALED');
  });

  it('SEAL-5 whatever comes is taken or refused with a code', () => {
    const codes = /^(?:none|ERR_SEAL_FORMAT|ERR_SIGNAL_UNSEALED)$/;
    const json = fc.jsonValue({ maxDepth: 3 });
    const field = fc.oneof(json, fc.constantFrom(1, SALT, 'AQID'));
    const sealed = fc.record({ v: field, s: field, n: field, d: field }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.oneof(json, fc.record({ sealed: fc.oneof(json, sealed) })), (value) => {
        const payload: Payload = JSON.parse(JSON.stringify(value));
        expect(codeOf(() => decodeSealed(payload))).toMatch(codes);
      }),
    );
  });
});
