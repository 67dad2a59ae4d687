import { describe, expect, it } from 'vitest';
import { arrange } from './arrange.ts';

const NOBODY = { pinned: undefined, speaker: undefined };

describe('arrange', () => {
  it('has own layouts for nobody and for one other person, whatever is wanted', () => {
    expect(arrange({ peers: [], mode: 'speaker', ...NOBODY }).layout).toBe('alone');
    const two = { peers: ['ada'], mode: 'grid', pinned: 'ada', speaker: 'ada' } as const;
    expect(arrange(two)).toEqual({ layout: 'duo', main: 'ada' });
  });

  it('shows more people in tiles of one size', () => {
    const three = { peers: ['ada', 'bob'], mode: 'grid', ...NOBODY } as const;
    expect(arrange({ ...three, speaker: 'bob' })).toEqual({ layout: 'grid', main: undefined });
  });

  it('makes large who speaks, or who came first while nobody has spoken', () => {
    const three = { peers: ['ada', 'bob'], mode: 'speaker', ...NOBODY } as const;
    expect(arrange({ ...three, speaker: 'bob' }).main).toBe('bob');
    expect(arrange(three).main).toBe('ada');
    expect(arrange({ ...three, speaker: 'gone' }).main).toBe('ada');
  });

  it('keeps large who is pinned, until they leave', () => {
    const three = { peers: ['ada', 'bob'], mode: 'grid', pinned: 'bob', speaker: 'ada' } as const;
    expect(arrange(three)).toEqual({ layout: 'speaker', main: 'bob' });
    expect(arrange({ ...three, peers: ['ada', 'eve'] }).layout).toBe('grid');
  });
});
