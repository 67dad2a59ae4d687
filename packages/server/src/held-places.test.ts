import { isPeerId, parseRoomName } from '@parley/protocol';
import type { RoomName } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { HeldPlace, HeldPlaces } from './held-places.ts';

function roomName(text: string): RoomName {
  const name = parseRoomName(text);
  if (name === undefined) throw new Error(`not a room name: ${text}`);
  return name;
}

const DAILY = roomName('daily');
const WEEKLY = roomName('weekly');

function setUp() {
  const places = new HeldPlaces(1);
  const ended: string[] = [];
  let minted = 0;
  const hold = (): HeldPlace =>
    new HeldPlace({
      places,
      open: (room) => {
        const peer = `peer${(minted += 1)}`;
        if (!isPeerId(peer)) throw new Error(peer);
        const end = (): void => void ended.push(peer);
        const admission = { iceServers: [], renewed: () => {}, renew: () => [], end };
        return { room, peer, admission };
      },
    });
  return { places, ended, hold };
}

describe('HeldPlace', () => {
  it('SIG-70 hands the place over once, to a join of its room', () => {
    const { hold, ended, places } = setUp();
    const held = hold();
    const place = held.hold(DAILY);
    expect([held.placeIn(DAILY), held.placeIn(WEEKLY)]).toEqual([place, undefined]);
    expect(held.claim(DAILY)).toBe(place);
    expect(held.claim(DAILY)).toBeUndefined();
    held.drop();
    expect(ended).toEqual([]);
    expect(places.roomCount).toBe(0);
  });

  it('SIG-71 drops the place at a join of another room', () => {
    const { hold, ended, places } = setUp();
    const held = hold();
    held.hold(DAILY);
    expect(held.claim(WEEKLY)).toBeUndefined();
    held.drop();
    expect(ended).toEqual(['peer1']);
    expect(places.roomCount).toBe(0);
  });

  it('SIG-72 counts for each room apart, and takes back what is not used', () => {
    const { hold, ended } = setUp();
    const [ada, bob] = [hold(), hold()];
    expect(ada.hold(DAILY)).toBeDefined();
    expect(bob.hold(DAILY)).toBeUndefined();
    expect(bob.hold(WEEKLY)).toBeDefined();
    expect(ada.hold(DAILY)).toMatchObject({ peer: 'peer3' });
    ada.drop();
    expect(bob.hold(DAILY)).toBeDefined();
    expect(ended).toEqual(['peer1', 'peer3', 'peer2']);
  });
});
