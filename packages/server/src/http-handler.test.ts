import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findResource } from './http-handler.ts';
import type { StaticFile } from './static-files.ts';

/** Made once, outside any test: its tables take fast-check most of a second. */
const ANY_TEXT = fc.string({ unit: 'binary' });

function file(text: string): StaticFile {
  return { type: 'text/plain', etag: '"1"', cacheControl: 'no-cache', body: Buffer.from(text) };
}

const FILES = new Map([
  ['/index.html', file('page')],
  ['/assets/app-1a2b.js', file('script')],
  ['/examples/plain/index.html', file('example')],
  ['/examples/plain/첫 걸음.js', file('first steps')],
]);

const found = (target: string): string => {
  const resource = findResource(FILES, target);
  return resource.name === 'file' ? resource.file.body.toString() : JSON.stringify(resource);
};

describe('findResource', () => {
  it.each([
    '/',
    '/?lang=ko',
    '/r/daily',
    '/r/',
    '/r',
    '/r/a%2Fb',
    '/r/daily?x#y',
    '/index.html',
    '/test',
    '/test/?x',
  ])('shows the page at %s', (target) => {
    expect(found(target)).toBe('page');
  });

  it('serves files and the pages of folders', () => {
    expect(found('/assets/app-1a2b.js?v=1')).toBe('script');
    expect(found('/examples/plain/')).toBe('example');
    expect(found('/examples/plain/%EC%B2%AB%20%EA%B1%B8%EC%9D%8C.js')).toBe('first steps');
  });

  it('sends a folder without a slash to the one with it', () => {
    expect(findResource(FILES, '/examples/plain')).toEqual({
      name: 'redirect',
      location: '/examples/plain/',
    });
  });

  it.each(['/robots.txt', '/rooms', '/assets/', '/r.js', '//examples/plain', '/__proto__'])(
    'has nothing at %s',
    (target) => {
      expect(findResource(FILES, target)).toMatchObject({ status: 404 });
    },
  );

  it.each(['/%', '/%E0%A4%A', 'index.html', 'http://example.org/', '*', ''])(
    'refuses the malformed %j',
    (target) => {
      expect(findResource(FILES, target)).toMatchObject({ status: 400 });
    },
  );

  it('says so when the page is not built', () => {
    expect(findResource(new Map(), '/r/daily')).toMatchObject({ status: 503 });
  });

  it('has an answer to anything at all', () => {
    fc.assert(
      fc.property(ANY_TEXT, (text) => {
        expect(['file', 'redirect', 'text']).toContain(findResource(FILES, text).name);
        expect(['file', 'redirect', 'text']).toContain(findResource(FILES, `/${text}`).name);
      }),
    );
  });
});
