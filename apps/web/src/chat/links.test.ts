import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitLinks } from './links.ts';

describe('splitLinks', () => {
  it('finds addresses of the web and leaves the full stop and the bracket outside', () => {
    expect(splitLinks('see https://example.org/a?b=1#c. (or http://b.example)')).toEqual([
      { text: 'see ' },
      { text: 'https://example.org/a?b=1#c', href: 'https://example.org/a?b=1#c' },
      { text: '. (or ' },
      { text: 'http://b.example', href: 'http://b.example/' },
      { text: ')' },
    ]);
    expect(splitLinks('https://en.wikipedia.org/wiki/A_(b)').at(0)?.text).toContain('(b)');
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://a.example',
    'mailto:a@b',
    'xhttps//a',
  ])('makes no link of %s', (text) => {
    expect(splitLinks(text)).toEqual([{ text }]);
  });

  it('loses nothing and links to nothing but http and https, whatever is written', () => {
    const parts = fc.constantFrom(
      'http://',
      'https://',
      'a.b',
      '(',
      ')',
      ' ',
      '.',
      'javascript:',
      '[',
      '%',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string()), { maxLength: 12 }), (written) => {
        const text = written.join('');
        const pieces = splitLinks(text);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        const links = pieces.flatMap(({ href }) => href ?? []);
        expect(links.filter((href) => !/^https?:/u.test(href))).toEqual([]);
      }),
    );
  });
});
