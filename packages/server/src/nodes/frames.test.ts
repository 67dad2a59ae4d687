import { assert, json, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLetter } from './frames.ts';
import type { Letter } from './frames.ts';

describe('decodeLetter', () => {
  it('reads what a node has written', () => {
    const letter: Letter = {
      from: 'node a',
      epoch: 1,
      number: 7,
      frames: [
        { is: 'open', session: 3, address: '192.0.2.1' },
        { is: 'say', session: 3, event: 'join', args: ['daily'], ack: 1 },
        { is: 'ask', question: { about: 'rooms' }, id: 2 },
      ],
    };
    expect(decodeLetter(JSON.stringify(letter))).toEqual(letter);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"from":"a","epoch":1,"number":1}',
    '{"from":"a","epoch":1,"number":1,"frames":[null]}',
    '{"from":"a","epoch":1,"number":1,"frames":[{"is":"unheard of"}]}',
    '{"from":"a","epoch":1,"number":1,"frames":[{"is":"open"}]}',
  ])('takes no %j', (text) => {
    expect(decodeLetter(text)).toBeUndefined();
  });

  it('has an answer to any text', () => {
    assert(
      property(oneof(string(), json()), (text) => {
        expect(decodeLetter(text)).toBeUndefined();
      }),
    );
  });
});
