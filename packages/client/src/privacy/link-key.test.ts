import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLinkKey, formatLinkKey, isLinkKey, parseLinkKey } from './link-key.ts';

/** What a fragment says, in one word. */
function read(fragment: string): string {
  const verdict = parseLinkKey(fragment);
  return verdict.ok ? (verdict.key ?? 'none') : verdict.error.code;
}

const KEY = 'AAECAwQFBgcICQoLDA0ODw';

const ANY_TEXT = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });

describe('link key', () => {
  it('KEY-1 has 128 bits that differ each time', () => {
    const keys = Array.from({ length: 100 }, createLinkKey);
    expect(new Set(keys).size).toBe(100);
    expect(keys.map((key) => Buffer.from(key, 'base64url').byteLength)).toEqual(keys.map(() => 16));
  });

  it('KEY-1 every bit is random', () => {
    const keys = Array.from({ length: 64 }, () => [...Buffer.from(createLinkKey(), 'base64url')]);
    const ever = keys.reduce((bits, key) => bits.map((byte, at) => byte | (key[at] ?? 0)));
    const always = keys.reduce((bits, key) => bits.map((byte, at) => byte & (key[at] ?? 0)));
    expect(ever).toEqual(Array(16).fill(255));
    expect(always).toEqual(Array(16).fill(0));
  });

  it('KEY-2 reads what it wrote', () => {
    const key = createLinkKey();
    expect(read(formatLinkKey(key))).toBe(key);
  });

  it.each([
    ['#k=' + KEY, KEY],
    ['k=' + KEY, KEY],
    ['#lang=ko&k=' + KEY + '&x', KEY],
    ['', 'none'],
    ['#', 'none'],
    ['#chat', 'none'],
    ['#key=' + KEY, 'none'],
  ])('KEY-2 %j says %s', (fragment, said) => {
    expect(read(fragment)).toBe(said);
  });

  it.each(['#k', '#k=', '#k=' + KEY.slice(1), '#k=' + KEY + '.', '#k=' + 'A'.repeat(88)])(
    'KEY-3 %j is a damaged key, not a link without one',
    (fragment) => {
      expect(read(fragment)).toBe('ERR_LINK_KEY');
    },
  );

  it('KEY-3 a link that lost its end is damaged', () => {
    const fragment = formatLinkKey(createLinkKey());
    for (let end = '#k'.length; end < fragment.length; end += 1) {
      expect(read(fragment.slice(0, end))).toBe('ERR_LINK_KEY');
    }
  });

  it('takes longer keys, which an application may bring', () => {
    expect(isLinkKey(Buffer.alloc(64, 7).toString('base64url'))).toBe(true);
    expect(isLinkKey(Buffer.alloc(65, 7).toString('base64url'))).toBe(false);
    expect(isLinkKey(undefined)).toBe(false);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(ANY_TEXT, fc.boolean(), (text, named) => {
        expect(read(named ? `#k=${text}` : text)).toMatch(/^(?:none|ERR_LINK_KEY|[\w-]{22,})$/);
      }),
    );
  });
});
