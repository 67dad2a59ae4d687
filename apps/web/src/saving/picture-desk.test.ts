import { signal } from '@preact/signals';
import type { VideoSource, ViewSize } from '@parley/client';
import { describe, expect, it } from 'vitest';
import type { DataMode } from './data-mode.ts';
import { PictureDesk } from './picture-desk.ts';

function setUp(mode: DataMode = 'full') {
  const chosen = signal(mode);
  const shown = new Map<VideoSource, ViewSize | undefined>();
  const peer = {
    show: (source: VideoSource, size: ViewSize | undefined) => void shown.set(source, size),
  };
  return { chosen, shown, peer, desk: new PictureDesk(chosen) };
}

const LARGE = { width: 1280, height: 720 };

describe('PictureDesk', () => {
  it('of several places the largest counts, until nobody shows the picture', () => {
    const { desk, peer, shown } = setUp();
    desk.show(peer, 'camera', { viewer: 'tile', size: { width: 200, height: 100 } });
    desk.show(peer, 'camera', { viewer: 'window', size: { width: 100, height: 300 } });
    expect(shown.get('camera')).toEqual({ width: 200, height: 300 });
    desk.show(peer, 'camera', { viewer: 'tile', size: undefined });
    expect(shown.get('camera')).toEqual({ width: 100, height: 300 });
    desk.show(peer, 'camera', { viewer: 'window', size: undefined });
    expect(shown.get('camera')).toBeUndefined();
  });

  it('who saves data asks for a small camera, but for a whole screen', () => {
    const { desk, peer, shown, chosen } = setUp();
    desk.show(peer, 'camera', { viewer: 'tile', size: LARGE });
    desk.show(peer, 'screen', { viewer: 'tile', size: LARGE });
    chosen.value = 'low';
    expect([shown.get('camera'), shown.get('screen')]).toEqual([
      { width: 180, height: 180 },
      LARGE,
    ]);
    chosen.value = 'audio';
    expect([shown.get('camera'), shown.get('screen')]).toEqual([undefined, undefined]);
    chosen.value = 'full';
    expect(shown.get('camera')).toEqual(LARGE);
  });
});
