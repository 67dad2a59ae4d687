import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFingerprint } from './fingerprint.ts';

const ONE = Array.from({ length: 32 }, (_, index) => (index + 160).toString(16)).join(':');
const TWO = ONE.replace('a0', 'a1');
const LINE = `a=fingerprint:sha-256 ${ONE.toUpperCase()}`;

function sdp(...lines: readonly string[]): string {
  return ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', ...lines, ''].join('\r\n');
}

describe('parseFingerprint', () => {
  it.each<readonly [string, string]>([
    ['in the session part', sdp(LINE, 'm=audio 9 RTP 0')],
    ['in a section', sdp('m=audio 9 RTP 0', LINE)],
    ['in each section', sdp('m=audio 9 RTP 0', LINE, 'm=video 9 RTP 0', LINE)],
    ['in lower case', sdp(`a=fingerprint:sha-256 ${ONE}`)],
    ['with the hash in upper case', sdp(LINE.replace('sha', 'SHA'))],
    ['with lines that end in one character', sdp(LINE).replaceAll('\r', '')],
    ['on a last line without an end', `v=0\r\n${LINE}`],
  ])('CODE-1 finds it %s', (_, text) => {
    expect(parseFingerprint(text)).toBe(ONE.toUpperCase());
  });

  it.each<readonly [string, string]>([
    ['no fingerprint', sdp('m=audio 9 RTP 0')],
    ['no text', ''],
    ['two', sdp(LINE, `a=fingerprint:sha-256 ${TWO}`)],
    ['one of another hash', sdp(`a=fingerprint:sha-512 ${ONE}:${ONE}`)],
    ['one of an old hash', sdp(`a=fingerprint:sha-1 ${ONE.slice(0, 59)}`)],
    ['a second one of another hash', sdp(LINE, `a=fingerprint:sha-512 ${ONE}:${ONE}`)],
    ['a second one in other letters', sdp(LINE, `A=FINGERPRINT:SHA-384 ${ONE}`)],
    ['a second one after more space', sdp(LINE, `a=fingerprint:sha-256  ${TWO}`)],
    ['a second one that is indented', sdp(LINE, ` a=fingerprint:sha-256 ${TWO}`)],
    ['a second one that ends in space', sdp(LINE, `a=fingerprint:sha-256 ${TWO} `)],
    ['a second one on the same line', sdp(`${LINE} a=fingerprint:sha-256 ${TWO}`)],
    ['a second one after a bare carriage return', sdp(`${LINE}\ra=fingerprint:sha-512 ${TWO}`)],
    ['one that is too short', sdp(LINE.slice(0, -3))],
    ['one that is too long', sdp(`${LINE}:00`)],
    ['one with a letter that is no digit', sdp(LINE.replace('A0', 'G0'))],
    ['one without colons', sdp(LINE.replaceAll(/:(?=..(?::|$))/g, ''))],
    ['a hash spelled with a long s', sdp(LINE.replace('sha', '\u017fha'))],
  ])('CODE-2 a description with %s has none', (_, text) => {
    expect(parseFingerprint(text)).toBeUndefined();
  });

  it('CODE-2 every other line that mentions one casts doubt', () => {
    const mention = fc
      .tuple(fc.string(), fc.constantFrom('fingerprint', 'FINGERPRINT', 'Fingerprint'), fc.string())
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(mention, (line) => {
        expect(parseFingerprint(sdp(LINE, line, LINE))).toBeUndefined();
      }),
    );
  });

  it('takes any text', () => {
    const words = fc.constantFrom('a=fingerprint:', 'sha-256 ', ONE, TWO, '\r', '\n', ' ', ':');
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string())), (parts) => {
        const found = parseFingerprint(parts.join(''));
        expect([undefined, ONE.toUpperCase(), TWO.toUpperCase()]).toContain(found);
      }),
    );
  });
});
