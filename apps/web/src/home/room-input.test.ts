import { describe, expect, it } from 'vitest';
import { parseRoomInput } from './room-input.ts';

const ORIGIN = 'https://calls.example.org';

describe('parseRoomInput', () => {
  it('takes a room name', () => {
    expect(parseRoomInput(' daily ', ORIGIN)).toEqual({ kind: 'here', path: '/r/daily' });
    expect(parseRoomInput('우리 집', ORIGIN)).toEqual({
      kind: 'here',
      path: '/r/%EC%9A%B0%EB%A6%AC%20%EC%A7%91',
    });
  });

  it('takes a link to a room of this server', () => {
    expect(parseRoomInput('HTTPS://Calls.Example.org/r/daily', ORIGIN)).toEqual({
      kind: 'here',
      path: '/r/daily',
    });
  });

  it('keeps the fragment of a link and drops the query', () => {
    expect(parseRoomInput('https://calls.example.org/r/daily?from=mail#k=1', ORIGIN)).toEqual({
      kind: 'here',
      path: '/r/daily#k=1',
    });
  });

  it('takes a link without its scheme, as an address bar shows it', () => {
    expect(parseRoomInput('calls.example.org/r/daily', ORIGIN)).toEqual({
      kind: 'here',
      path: '/r/daily',
    });
  });

  it('follows a link to a room of another server', () => {
    expect(parseRoomInput('https://other.example/r/daily', ORIGIN)).toEqual({
      kind: 'elsewhere',
      url: 'https://other.example/r/daily',
    });
  });

  it.each(['', '  ', 'https://calls.example.org/', 'https://', 'https://other.example/about'])(
    'leads nowhere from %j',
    (text) => {
      expect(parseRoomInput(text, ORIGIN)).toEqual({ kind: 'nowhere' });
    },
  );

  it('never runs a script address: it is a room name like any other text', () => {
    expect(parseRoomInput('javascript:alert(1)', ORIGIN)).toEqual({
      kind: 'here',
      path: '/r/javascript%3Aalert(1)',
    });
  });
});
