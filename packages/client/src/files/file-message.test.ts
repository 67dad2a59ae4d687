import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFileMessage } from './file-message.ts';

const OFFER = { type: 'offer', id: 1, name: 'a.txt', mime: 'text/plain', size: 3 };

function nameAs(name: string): unknown {
  const message = decodeFileMessage({ ...OFFER, name });
  return message?.type === 'offer' ? message.name : undefined;
}

describe('messages about files', () => {
  it.each([
    OFFER,
    { ...OFFER, size: undefined },
    { type: 'withdraw', id: 1, code: 'ERR_FILE_READ' },
    { type: 'refuse', id: 1, code: 'ERR_FILE_REJECTED' },
    { type: 'taken', id: 1, bytes: 5 },
    { type: 'accept', id: 1 },
    { type: 'done', id: 1 },
  ])('%j is one', (message) => {
    expect(decodeFileMessage(message)).toEqual(message);
  });

  it.each([
    undefined,
    'offer',
    { ...OFFER, id: -1 },
    { ...OFFER, id: 1.5 },
    { ...OFFER, name: 1 },
    { ...OFFER, mime: undefined },
    { ...OFFER, size: -1 },
    { ...OFFER, size: '3' },
    { type: 'taken', id: 1 },
    { type: 'toString', id: 1 },
  ])('%j is none', (message) => {
    expect(decodeFileMessage(message)).toBeUndefined();
  });

  it('carry no code that is not one of files', () => {
    const cancelled = { type: 'refuse', id: 1, code: 'ERR_FILE_CANCELLED' };
    expect(decodeFileMessage({ ...cancelled, code: 'toString' })).toEqual(cancelled);
    expect(decodeFileMessage({ ...cancelled, code: 7 })).toEqual(cancelled);
  });

  it.each([
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['C:\\boot.ini', 'C__boot.ini'],
    ['gpj.\u202eexe', 'gpj._exe'],
    ['a\u0000b\nc', 'a_b_c'],
    ['..', 'file'],
    [' ', 'file'],
    ['', 'file'],
    ['보고서 2026.pdf', '보고서 2026.pdf'],
    [`${'x'.repeat(254)}😀`, `${'x'.repeat(254)}_`],
  ])('the name %j becomes %j', (name, expected) => {
    expect(nameAs(name)).toBe(expected);
  });

  it('may be anything', () => {
    const loose = fc.record(
      {
        type: fc.constantFrom('offer', 'withdraw', 'accept', 'taken', 'done', 'refuse'),
        id: fc.oneof(fc.nat(), fc.anything()),
        name: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
        mime: fc.oneof(fc.string(), fc.anything()),
        size: fc.anything(),
        bytes: fc.anything(),
        code: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(loose, fc.anything()), (value) => {
        const message = decodeFileMessage(value);
        const name = message?.type === 'offer' ? message.name : 'file';
        expect(name).toMatch(/^[^/\\\p{Cc}]+$/u);
      }),
    );
  });
});
