import { expect, it } from 'vitest';
import { roomOfToken } from './token-room.ts';

function tokenOf(claims: unknown): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;
}

it('a token names its room in whatever letters it is written', () => {
  for (const room of ['daily', '한글 방', '???>>>', 'é']) {
    expect(roomOfToken(tokenOf({ exp: 1, room }))).toBe(room);
  }
});

it('a token for any room names none, and neither does what is no token', () => {
  for (const token of [tokenOf({ exp: 1 }), tokenOf({ room: 7 }), tokenOf(null), tokenOf('room')]) {
    expect(roomOfToken(token)).toBeUndefined();
  }
  for (const text of ['', 'nonsense', 'a.b.c', 'a.!!.c', '..']) {
    expect(roomOfToken(text)).toBeUndefined();
  }
});
