import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_PAYLOAD_BYTES, MAX_PAYLOAD_DEPTH } from './limits.ts';
import { checkPayload } from './payload.ts';

/** Made once, outside any test: its tables take fast-check most of a second. */
const ANY_TEXT = fc.string({ unit: 'binary' });

const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** An object in an object in an object, so many levels in all. */
function nested(levels: number): unknown {
  let value: unknown = {};
  for (let level = 1; level < levels; level += 1) value = { inside: value };
  return value;
}

describe('checkPayload', () => {
  it('SIG-24 takes a description, a candidate, and null', () => {
    const offer = { type: 'offer', sdp: 'v=0\r\n', parley: { epoch: 1, media: [true, null] } };
    expect(checkPayload(offer)).toMatchObject({ ok: true, payload: offer });
    expect(checkPayload(null)).toMatchObject({ ok: true, payload: null });
    expect(checkPayload(undefined)).toMatchObject({ ok: true, payload: null });
  });

  it('SIG-21 hands back the very object it was given', () => {
    const offer = { sdp: 'v=0' };
    const verdict = checkPayload(offer);
    expect(verdict.ok && verdict.payload).toBe(offer);
  });

  it.each([
    ['text', 'v=0'],
    ['a number', 1],
    ['a boolean', true],
    ['an array', [{}]],
    ['a function', () => {}],
    ['bytes', Buffer.from('v=0')],
    ['a date', new Date(0)],
    ['bytes inside', { sdp: Buffer.from('v=0') }],
    ['a symbol inside', { sdp: Symbol('v') }],
    ['a bigint inside', { sdp: 1n }],
    ['a function inside', { sdp: () => {} }],
    ['undefined inside', { sdp: undefined }],
    ['not a number inside', { sdp: NaN }],
  ])('SIG-24 refuses %s', (_what, value) => {
    expect(checkPayload(value)).toEqual({ ok: false, reason: 'not-json' });
  });

  it('SIG-25 takes a payload of the largest size, and refuses one byte more', () => {
    const overhead = 64;
    const verdict = checkPayload({ sdp: 'x'.repeat(MAX_PAYLOAD_BYTES - overhead) });
    expect(verdict.ok).toBe(true);
    const largest = verdict.ok
      ? MAX_PAYLOAD_BYTES - overhead + MAX_PAYLOAD_BYTES - verdict.bytes
      : 0;
    expect(checkPayload({ sdp: 'x'.repeat(largest) })).toMatchObject({ bytes: MAX_PAYLOAD_BYTES });
    expect(checkPayload({ sdp: 'x'.repeat(largest + 1) })).toEqual({
      ok: false,
      reason: 'too-large',
    });
  });

  it.each([
    ['many small members', Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [i, 0]))],
    ['a long list', { list: Array.from({ length: 20_000 }, () => null) }],
    ['a long key', { ['k'.repeat(MAX_PAYLOAD_BYTES)]: 0 }],
    ['text that grows in UTF-8', { sdp: '가'.repeat(30_000) }],
    ['text that grows in JSON', { sdp: '\u0001'.repeat(20_000) }],
  ])('SIG-25 refuses %s', (_what, value) => {
    expect(checkPayload(value)).toEqual({ ok: false, reason: 'too-large' });
  });

  it('SIG-25 stops looking when the size is used up', () => {
    let reads = 0;
    const spy = new Proxy([], {
      get: (_target, key) => {
        if (key === 'length') return 1_000_000;
        if (key === Symbol.iterator) return Array.prototype[Symbol.iterator];
        reads += 1;
        return 'x'.repeat(100);
      },
    });
    expect(checkPayload({ list: spy })).toEqual({ ok: false, reason: 'too-large' });
    expect(reads).toBeLessThan(MAX_PAYLOAD_BYTES / 100);
  });

  it('SIG-26 takes the deepest nesting, and refuses one level more', () => {
    expect(checkPayload(nested(MAX_PAYLOAD_DEPTH)).ok).toBe(true);
    expect(checkPayload(nested(MAX_PAYLOAD_DEPTH + 1))).toEqual({ ok: false, reason: 'too-deep' });
    expect(checkPayload({ list: [[[[[[[[[]]]]]]]]] })).toEqual({ ok: false, reason: 'too-deep' });
  });

  it('SIG-26 survives a hundred thousand levels', () => {
    expect(checkPayload(nested(100_000))).toEqual({ ok: false, reason: 'too-deep' });
  });

  it('SIG-25 counts text exactly, and never counts anything short', () => {
    fc.assert(
      fc.property(ANY_TEXT, (text) => {
        const empty = checkPayload({ sdp: '' });
        const filled = checkPayload({ sdp: text });
        if (!empty.ok || !filled.ok) throw new Error('refused');
        expect(filled.bytes - empty.bytes).toBe(jsonBytes({ sdp: text }) - jsonBytes({ sdp: '' }));
      }),
    );
    fc.assert(
      fc.property(fc.dictionary(ANY_TEXT, fc.jsonValue({ maxDepth: 4 })), (value) => {
        const verdict = checkPayload(value, 2 ** 40);
        expect(verdict).toMatchObject({ ok: true });
        expect(verdict.ok ? verdict.bytes : 0).toBeGreaterThanOrEqual(jsonBytes(value));
      }),
    );
  });

  it('SIG-25 counts half surrogate pairs as the escapes that JSON makes of them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('\ud83d', '\ude00', 'a', '"', '\n', '\u0001')),
        (units) => {
          const text = units.join('');
          const verdict = checkPayload({ sdp: text });
          const empty = checkPayload({ sdp: '' });
          if (!verdict.ok || !empty.ok) throw new Error('refused');
          expect(verdict.bytes - empty.bytes).toBe(jsonBytes(text) - 2);
        },
      ),
    );
  });

  it('SIG-5 has a verdict on anything at all', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withTypedArray: true }),
        (value) => {
          expect(typeof checkPayload(value).ok).toBe('boolean');
        },
      ),
    );
  });
});
