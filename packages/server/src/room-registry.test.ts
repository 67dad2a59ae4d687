import { isPeerId, parseRoomName } from '@parley/protocol';
import type { RoomName } from '@parley/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RoomRegistry } from './room-registry.ts';
import type { Member } from './room-registry.ts';

function roomName(text: string): RoomName {
  const name = parseRoomName(text);
  if (name === undefined) throw new Error(`not a room name: ${text}`);
  return name;
}

function member(id: string): Member {
  if (!isPeerId(id)) throw new Error(`not a peer id: ${id}`);
  return { peer: { id, name: '' } };
}

const DAILY = roomName('daily');
const OTHER = roomName('other');

describe('RoomRegistry', () => {
  it('SIG-14 keeps members in the order of their arrival', () => {
    const rooms = new RoomRegistry(12);
    for (const id of ['c', 'a', 'b']) rooms.enter(DAILY, member(id));
    const room = rooms.enter(DAILY, member('d'));
    expect([...(room?.members.keys() ?? [])]).toEqual(['c', 'a', 'b', 'd']);
  });

  it('SIG-22 keeps rooms apart', () => {
    const rooms = new RoomRegistry(12);
    const daily = rooms.enter(DAILY, member('a'));
    const other = rooms.enter(OTHER, member('b'));
    expect(daily?.members.size).toBe(1);
    expect(other?.members.size).toBe(1);
    expect([rooms.roomCount, rooms.memberCount]).toEqual([2, 2]);
  });

  it('SIG-16 turns the one too many away and changes nothing', () => {
    const rooms = new RoomRegistry(2);
    const room = rooms.enter(DAILY, member('a'));
    rooms.enter(DAILY, member('b'));
    expect(rooms.enter(DAILY, member('c'))).toBeUndefined();
    expect(room?.members.size).toBe(2);
    rooms.leave(DAILY, member('a').peer.id);
    expect(rooms.enter(DAILY, member('c'))).toBe(room);
  });

  it('SIG-17 forgets a room with its last member', () => {
    const rooms = new RoomRegistry(12);
    const before = rooms.enter(DAILY, member('a'));
    rooms.leave(DAILY, member('a').peer.id);
    expect(rooms.roomCount).toBe(0);
    expect(rooms.enter(DAILY, member('a'))).not.toBe(before);
  });

  it('leaving a room that is not there, or twice, does nothing', () => {
    const rooms = new RoomRegistry(12);
    rooms.enter(DAILY, member('a'));
    rooms.leave(OTHER, member('a').peer.id);
    rooms.leave(DAILY, member('b').peer.id);
    expect([rooms.roomCount, rooms.memberCount]).toEqual([1, 1]);
  });

  it('SIG-16 SIG-17 agrees with a plain model of sets under any comings and goings', () => {
    const step = fc.record({
      room: fc.constantFrom(DAILY, OTHER),
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      comes: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const rooms = new RoomRegistry(3);
        const model = new Map<RoomName, Set<string>>([
          [DAILY, new Set()],
          [OTHER, new Set()],
        ]);
        for (const { room, id, comes } of steps) {
          const inside = model.get(room) ?? new Set();
          if (comes && inside.size < 3) inside.add(id);
          if (!comes) inside.delete(id);
          if (comes) rooms.enter(room, member(id));
          else rooms.leave(room, member(id).peer.id);
        }
        const sizes = [...model.values()].map(({ size }) => size);
        expect(rooms.roomCount).toBe(sizes.filter((size) => size > 0).length);
        expect(rooms.memberCount).toBe(sizes.reduce((sum, size) => sum + size, 0));
      }),
    );
  });

  it('LIMIT-3 opens no more rooms than it may', () => {
    const rooms = new RoomRegistry<Member>(2, 1);
    expect(rooms.isBeyond(DAILY)).toBe(false);
    rooms.enter(DAILY, member('a'));
    expect([rooms.isBeyond(DAILY), rooms.isBeyond(OTHER)]).toEqual([false, true]);
    expect(rooms.enter(OTHER, member('b'))).toBeUndefined();
    rooms.leave(DAILY, member('a').peer.id);
    expect(rooms.enter(OTHER, member('b'))).toBeDefined();
  });
});
