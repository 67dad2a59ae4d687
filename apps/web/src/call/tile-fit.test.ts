import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choosePictureFit, fitTiles } from './tile-fit.ts';

describe('fitTiles', () => {
  it('gives one tile the whole width of a wide stage', () => {
    expect(fitTiles(1, { width: 1600, height: 900, gap: 8 })).toEqual({ width: 1600, height: 900 });
  });

  it('puts four people into two columns on a desktop', () => {
    const size = fitTiles(4, { width: 1608, height: 908, gap: 8 });
    expect(size).toEqual({ width: 800, height: 450 });
  });

  it('stacks three people on a phone held upright', () => {
    const size = fitTiles(3, { width: 360, height: 640, gap: 8 });
    expect(size.width).toBeGreaterThan(180);
    expect(size.height * 3 + 16).toBeLessThanOrEqual(640);
  });

  it('has no tile without space', () => {
    expect(fitTiles(3, { width: 0, height: 0, gap: 8 })).toEqual({ width: 0, height: 0 });
  });

  it('always fits: rows of as many tiles as the width takes never exceed the height', () => {
    const space = integer({ min: 120, max: 4000 });
    assert(
      property(integer({ min: 1, max: 12 }), space, space, (count, width, height) => {
        const gap = 8;
        const size = fitTiles(count, { width, height, gap });
        expect(size.width).toBeGreaterThan(0);
        const perRow = Math.floor((width + gap) / (size.width + gap));
        const rows = Math.ceil(count / perRow);
        expect(rows * (size.height + gap) - gap).toBeLessThanOrEqual(height);
      }),
    );
  });
});

describe('choosePictureFit', () => {
  it('fills the tile when little is lost', () => {
    expect(choosePictureFit(16 / 9, 16 / 9)).toBe('cover');
    expect(choosePictureFit(4 / 3, 16 / 9)).toBe('cover');
  });

  it('shows an upright phone picture whole on a wide screen, and the other way round', () => {
    expect(choosePictureFit(9 / 16, 16 / 9)).toBe('contain');
    expect(choosePictureFit(16 / 9, 9 / 16)).toBe('contain');
  });
});
