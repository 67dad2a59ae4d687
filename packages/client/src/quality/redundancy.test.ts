import { describe, expect, it } from 'vitest';
import { NO_REDUNDANCY, knowsRedundancy, nextRedundancy } from './redundancy.ts';

/** What is wanted after each of these looks. */
function follow(losses: readonly (number | undefined)[]): readonly boolean[] {
  let redundancy = NO_REDUNDANCY;
  return losses.map((loss) => {
    redundancy = nextRedundancy(redundancy, loss);
    return redundancy.wanted;
  });
}

describe('sound is sent twice', () => {
  it('as soon as loss goes on, and not for a single bad moment', () => {
    expect(follow([0.2, 0, 0.2, 0.2])).toEqual([false, false, false, true]);
  });

  it('until it has been calm for half a minute', () => {
    const calm = Array.from({ length: 15 }, () => 0.001);
    expect(follow([0.1, 0.1, ...calm.slice(1), 0.1, ...calm]).slice(-2)).toEqual([true, false]);
  });

  it('as before while the other side reports nothing', () => {
    expect(follow([0.1, undefined, 0.1, undefined])).toEqual([false, false, true, true]);
  });
});

it('sound that is sent twice is known to those who say so', () => {
  expect(knowsRedundancy('m=audio 9 RTP 111 63\r\na=rtpmap:63 red/48000/2\r\n')).toBe(true);
  expect(knowsRedundancy('a=rtpmap:116 red/90000\r\n')).toBe(false);
  expect(knowsRedundancy(undefined)).toBe(false);
});
