import { expect, it } from 'vitest';
import { chartPath } from './chart-path.ts';

const box = { width: 100, height: 24, slots: 11 };

it('draws the newest value at the end and the largest one at the top', () => {
  expect(chartPath([0, 50, 100], box)).toBe('M80 22L90 12L100 2');
});

it('draws nothing but zeros as a line at the bottom, and nothing without values', () => {
  expect(chartPath([0, 0], box)).toBe('M90 22L100 22');
  expect(chartPath([], box)).toBe('');
});
