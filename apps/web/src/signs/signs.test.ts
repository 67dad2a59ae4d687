import { FakeClock } from '@parley/testkit';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeToolRoom, gather } from '../room/fake-tool-room.ts';
import { REACTIONS, parseSign } from './sign.ts';
import { REACTION_MS, Signs } from './signs.ts';

describe('Signs', () => {
  it('a raised hand is seen by all, also by those who come later, until it is lowered', () => {
    const [adaRoom, bobRoom] = gather('Ada', 'Bob');
    if (adaRoom === undefined || bobRoom === undefined) throw new Error('nobody there');
    const [ada, bob] = [new Signs(adaRoom), new Signs(bobRoom)];
    ada.toggleHand();
    expect(bob.hands.value).toEqual(['ada']);
    const eveRoom = new FakeToolRoom('Eve');
    const eve = new Signs(eveRoom);
    eveRoom.meet(adaRoom);
    adaRoom.meet(eveRoom);
    expect(eve.hands.value).toEqual(['ada']);
    ada.toggleHand();
    expect([bob.hands.value, eve.hands.value]).toEqual([[], []]);
  });

  it('who leaves has no hand up, records nothing and saves nothing', () => {
    const [adaRoom, bobRoom] = gather('Ada', 'Bob');
    if (adaRoom === undefined || bobRoom === undefined) throw new Error('nobody there');
    const [ada, bob] = [new Signs(adaRoom), new Signs(bobRoom)];
    ada.toggleHand();
    ada.setRecording(true);
    ada.setSaving('low');
    expect(bob.recorders.value).toEqual(['ada']);
    expect([...bob.savers.value]).toEqual([['ada', 'low']]);
    bobRoom.lose(adaRoom);
    expect([bob.hands.value, bob.recorders.value, [...bob.savers.value]]).toEqual([[], [], []]);
  });

  it('a reaction is shown for a while, and never more than a dozen', () => {
    const clock = new FakeClock();
    const [adaRoom] = gather('Ada', 'Bob');
    if (adaRoom === undefined) throw new Error('nobody there');
    const signs = new Signs(adaRoom, clock.setTimeout);
    for (let count = 0; count < 20; count += 1) signs.react('👍');
    expect(signs.reactions.value).toHaveLength(12);
    clock.advance(REACTION_MS);
    expect(signs.reactions.value).toEqual([]);
    adaRoom.deliver('signs', adaRoom.id, { reaction: 'buy now' });
    expect(signs.reactions.value).toEqual([]);
  });

  it('parseSign takes known signs only, and never throws', () => {
    expect(parseSign({ reaction: REACTIONS[0], more: 1 })).toEqual({ reaction: REACTIONS[0] });
    fc.assert(
      fc.property(fc.anything(), (data) => {
        const sign = parseSign(data);
        expect(sign === undefined || Object.keys(sign).length === 1).toBe(true);
      }),
    );
  });
});
