import { describe, expect, it } from 'vitest';
import { parseRoomName } from '../route/route.ts';
import { createRoomName } from './room-name.ts';
import { ROOM_WORDS } from './room-words.ts';

const fillRandom = (bytes: Uint8Array<ArrayBuffer>): void => {
  crypto.getRandomValues(bytes);
};

describe('createRoomName', () => {
  it('is three words and a code, and a name the server takes', () => {
    const name = createRoomName(fillRandom);
    expect(name).toMatch(/^([a-z]+-){3}[0-9a-hj-km-np-tv-z]{6}$/u);
    expect(parseRoomName(name)).toBe(name);
  });

  it('chooses evenly among a power of two of different words', () => {
    expect(ROOM_WORDS).toHaveLength(64);
    expect(new Set(ROOM_WORDS).size).toBe(64);
  });

  it('uses every random byte: a change in any one changes the name', () => {
    const base = createRoomName((bytes) => bytes.fill(0));
    const names = Array.from({ length: 9 }, (_, changed) =>
      createRoomName((bytes) => {
        bytes.fill(0);
        bytes[changed] = 1;
      }),
    );
    expect(new Set([base, ...names]).size).toBe(10);
  });

  it('does not repeat itself', () => {
    const names = Array.from({ length: 1000 }, () => createRoomName(fillRandom));
    expect(new Set(names).size).toBe(1000);
  });
});
