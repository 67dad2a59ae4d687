import { describe, expect, it } from 'vitest';
import { chooseHome } from './rendezvous.ts';

const NODES = ['node a', 'node b', 'node c'];
const ROOMS = Array.from({ length: 600 }, (_, number) => `room ${number}`);

describe('chooseHome', () => {
  it('NODE-2 gives everybody the same answer, in whatever order they know the nodes', () => {
    for (const room of ROOMS) {
      expect(chooseHome(room, NODES.toReversed())).toBe(chooseHome(room, NODES));
    }
  });

  it('NODE-2 moves the rooms of a node that is gone, and no others', () => {
    const rest = ['node a', 'node c'];
    const moved = ROOMS.filter((room) => chooseHome(room, rest) !== chooseHome(room, NODES));
    expect(moved).toEqual(ROOMS.filter((room) => chooseHome(room, NODES) === 'node b'));
  });

  it('gives each node its share', () => {
    for (const node of NODES) {
      const share = ROOMS.filter((room) => chooseHome(room, NODES) === node).length;
      expect(share).toBeGreaterThan(150);
      expect(share).toBeLessThan(250);
    }
  });

  it('has no answer without nodes', () => {
    expect(chooseHome('daily', [])).toBeUndefined();
  });
});
