import { parseRoomName } from '@parley/protocol';
import type { RoomName } from '@parley/protocol';
import { FakeClock } from '@parley/testkit';
import { anything, array, assert, property, record as shape } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peerId } from '../../test/session-harness.ts';
import type { KeptDoor } from '../door/door-memory.ts';
import { packDoor, unpackDoor } from '../door/room-door.ts';
import type { DoorNews } from './frames.ts';
import { NeighbourDoors, RECALL_MS } from './neighbour-doors.ts';

const ROOM = roomName('daily');
const HOLDER = peerId('ada');

function roomName(text: string): RoomName {
  const name = parseRoomName(text);
  if (name === undefined) throw new Error(`no room name: ${text}`);
  return name;
}

function door(locked: boolean, version = 1): KeptDoor {
  const record = { born: 7, version, locked, knock: false, passcode: undefined };
  return { record, holder: HOLDER };
}

/** The doors of a node whose neighbour `b` is the home of all rooms, until that changes. */
function setUp() {
  const clock = new FakeClock();
  const told: DoorNews[] = [];
  const service = { home: 'b', isConnected: true };
  const doors = new NeighbourDoors({
    self: 'a',
    roster: {
      homeOf: () => service.home,
      get isConnected() {
        return service.isConnected;
      },
    },
    clock: {
      now: clock.now,
      unixSeconds: () => 0,
      setTimeout: clock.setTimeout,
      clearTimeout: (timer) => clock.clearTimeout(Number(timer)),
    },
    tell: (news) => told.push(news),
  });
  const moveTo = (home: string): void => {
    service.home = home;
    doors.moved();
  };
  return { clock, told, service, doors, moveTo };
}

/** What a node tells the others of a door. */
function newsOf(kept: KeptDoor): DoorNews {
  const { doors, told } = setUp();
  doors.keep(ROOM, kept);
  return told[0] ?? { room: ROOM };
}

describe('NeighbourDoors', () => {
  it('NODE-13 tells of doors that keep people out, and of the end of that', () => {
    const { doors, told } = setUp();
    doors.keep(ROOM, door(false));
    expect(told).toEqual([]);
    doors.keep(ROOM, door(true));
    expect(told).toEqual([{ room: ROOM, door: expect.anything(), holder: HOLDER }]);
    expect(doors.ours).toEqual(told);
    doors.keep(ROOM, door(false, 2));
    doors.forget(ROOM);
    expect(told.slice(1)).toEqual([{ room: ROOM }]);
    expect(doors.ours).toEqual([]);
  });

  it('NODE-13 knows the door of a room whose home is gone, and says it once', () => {
    const { doors, moveTo } = setUp();
    doors.hear(newsOf(door(true)), 'b');
    moveTo('a');
    expect(doors.recall(ROOM)).toMatchObject(door(true));
    expect(doors.recall(ROOM)).toBeUndefined();
  });

  it('NODE-13 knows no door that was opened before, or of a room that is no more', () => {
    const { doors, moveTo } = setUp();
    doors.hear(newsOf(door(true)), 'b');
    doors.hear({ room: ROOM }, 'b');
    moveTo('a');
    expect(doors.recall(ROOM)).toBeUndefined();
  });

  it('NODE-13 takes the word of the home that a door has now', () => {
    const { doors, moveTo } = setUp();
    doors.hear(newsOf(door(true)), 'c');
    doors.hear(newsOf(door(true, 2)), 'b');
    doors.hear({ room: ROOM }, 'c');
    moveTo('a');
    expect(doors.recall(ROOM)).toMatchObject(door(true, 2));
  });

  it('NODE-13 forgets what a node does not tell any more when it tells everything', () => {
    const { doors, moveTo } = setUp();
    const other = roomName('weekly');
    doors.hear(newsOf(door(true)), 'b');
    doors.hearAll([{ ...newsOf(door(true)), room: other }], 'b');
    moveTo('a');
    expect(doors.recall(ROOM)).toBeUndefined();
    expect(doors.recall(other)).toMatchObject(door(true));
  });

  it('NODE-13 still knows a door that it has handed over, should the next home be gone at once', () => {
    const { doors, moveTo, told } = setUp();
    doors.keep(ROOM, door(true));
    doors.handOver(ROOM);
    expect(told).toHaveLength(1);
    expect(doors.ours).toEqual([]);
    moveTo('a');
    expect(doors.recall(ROOM)).toMatchObject(door(true));
  });

  it('NODE-13 forgets a room that nobody has asked for since it moved, and no other', () => {
    const { clock, doors, moveTo } = setUp();
    doors.hear(newsOf(door(true)), 'b');
    doors.moved();
    clock.advance(RECALL_MS);
    moveTo('c');
    clock.advance(RECALL_MS - 1);
    doors.hear({ ...newsOf(door(true)), room: roomName('weekly') }, 'c');
    clock.advance(1);
    expect(doors.recall(ROOM)).toBeUndefined();
    expect(doors.recall(roomName('weekly'))).toMatchObject(door(true));
    expect(clock.pendingTimers).toBe(0);
  });

  it('NODE-13 keeps doors as long as the other nodes are out of reach', () => {
    const { clock, service, doors, moveTo } = setUp();
    doors.hear(newsOf(door(true)), 'b');
    service.isConnected = false;
    moveTo('a');
    clock.advance(10 * RECALL_MS);
    expect(doors.recall(ROOM)).toMatchObject(door(true));
    expect(doors.recall(ROOM)).toMatchObject(door(true));
    doors.keep(ROOM, door(false, 2));
    expect(doors.recall(ROOM)).toBeUndefined();
    doors.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('NODE-13 takes whatever it is told for a whole door or for none', () => {
    const { doors } = setUp();
    const news = shape({ door: anything(), holder: anything() });
    assert(
      property(array(news), (told) => {
        doors.hearAll(
          told.map((one) => ({
            room: ROOM,
            door: one.door,
            ...(one.holder === HOLDER && { holder: HOLDER }),
          })),
          'b',
        );
        const kept = doors.recall(ROOM)?.record;
        expect(kept).toEqual(kept && unpackDoor(packDoor(kept)));
      }),
    );
  });
});
