import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrangeRecording } from './arrange-recording.ts';
import type { Box } from './arrange-recording.ts';

const SIZE = { width: 1280, height: 720 };

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

describe('arrangeRecording', () => {
  it('two people stand side by side, as large as there is room', () => {
    const { people, screens } = arrangeRecording(SIZE, { screens: 0, people: 2 });
    expect(screens).toEqual([]);
    expect(people.map(({ y }) => y)).toEqual([people[0]?.y, people[0]?.y]);
    expect(people[0]?.width).toBeGreaterThan(600);
  });

  it('a shared screen takes most of the room', () => {
    const { people, screens } = arrangeRecording(SIZE, { screens: 1, people: 3 });
    expect(screens[0]?.height).toBeGreaterThan(500);
    expect(people[0]?.y).toBeGreaterThan(500);
  });

  it('nobody covers anybody, and nobody stands outside', () => {
    const counts = fc.record({
      screens: fc.integer({ min: 0, max: 3 }),
      people: fc.integer({ min: 1, max: 16 }),
    });
    fc.assert(
      fc.property(counts, (count) => {
        const { people, screens } = arrangeRecording(SIZE, count);
        const all = [...screens, ...people];
        expect(all).toHaveLength(count.screens + count.people);
        for (const [index, box] of all.entries()) {
          expect(box.width * box.height).toBeGreaterThan(0);
          expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(SIZE.width);
          expect(box.y + box.height).toBeLessThanOrEqual(SIZE.height);
          expect(all.slice(index + 1).some((other) => overlaps(box, other))).toBe(false);
        }
      }),
    );
  });
});
