import { describe, expect, it } from 'vitest';
import type { LinkPath } from './link-description.ts';
import { SecondSearch } from './second-search.ts';

const RELAY = { id: 'a', type: 'local-candidate', timestamp: 0, candidateType: 'relay' };
const PUBLIC = { id: 'b', type: 'local-candidate', timestamp: 0, candidateType: 'srflx' };
const OTHERS = { id: 'c', type: 'remote-candidate', timestamp: 0, candidateType: 'srflx' };

/** Looks once a second; the seconds after which it was time. */
function play(paths: readonly (LinkPath | undefined)[], entries = [RELAY, OTHERS]): number[] {
  const search = new SecondSearch();
  return paths.flatMap((path, index) =>
    search.isDue({ path, elapsedMs: 1_000, entries }) ? [index + 1] : [],
  );
}

const RELAYED = Array<LinkPath>(20).fill('relay-udp');

describe('a second search', () => {
  it('is due once, when a call has been on the relay for 8 s from its beginning', () => {
    expect(play(RELAYED)).toEqual([8]);
    expect(play([undefined, undefined, ...RELAYED])).toEqual([10]);
  });

  it('is not due where the first one found our public address', () => {
    expect(play(RELAYED, [RELAY, PUBLIC, OTHERS])).toEqual([]);
  });

  it('is not due where there was a direct path, whatever became of it', () => {
    expect(play(['relay-udp', 'srflx', ...RELAYED])).toEqual([]);
  });
});
