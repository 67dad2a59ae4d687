import { describe, expect, it } from 'vitest';
import { formatRoomPath, parseRoomName, parseRoute } from './route.ts';

describe('parseRoute', () => {
  it('knows the home page', () => {
    expect(parseRoute('/')).toEqual({ page: 'home' });
  });

  it('knows the test of connection and devices', () => {
    expect(parseRoute('/test')).toEqual({ page: 'test' });
    expect(parseRoute('/test/')).toEqual({ page: 'test' });
  });

  it('reads the room of a link, with or without a slash at the end', () => {
    expect(parseRoute('/r/daily')).toEqual({ page: 'room', room: 'daily' });
    expect(parseRoute('/r/daily/')).toEqual({ page: 'room', room: 'daily' });
  });

  it('reads the key of a link, also a damaged one', () => {
    expect(parseRoute('/r/daily', '#k=abc')).toMatchObject({ room: 'daily', key: 'abc' });
    expect(parseRoute('/r/daily', '#x=1&k=')).toMatchObject({ key: '' });
    expect(parseRoute('/r/daily', '#other')).toMatchObject({ key: undefined });
  });

  it('reads back every name it can write', () => {
    for (const room of ['daily', '우리 집', 'a/b', '100% us?', 'ünï#code', '<b>x</b>']) {
      expect(parseRoute(formatRoomPath(room))).toEqual({ page: 'room', room });
    }
  });

  it.each(['/r/', '/r', '/x', '/r/a/b', '/r/%', '/r/%E0%A4%A', `/r/${'x'.repeat(65)}`, '/r/%00'])(
    'finds no page at %s',
    (pathname) => {
      expect(parseRoute(pathname)).toEqual({ page: 'unknown' });
    },
  );
});

describe('parseRoomName', () => {
  it('trims and composes, so that two spellings of one name meet in one room', () => {
    expect(parseRoomName('  cafe\u0301 ')).toBe('caf\u00e9');
  });

  it.each(['', '   ', '.', '..', 'a\nb', 'a\u202eb', 'x'.repeat(65)])('refuses %j', (text) => {
    expect(parseRoomName(text)).toBeUndefined();
  });
});
