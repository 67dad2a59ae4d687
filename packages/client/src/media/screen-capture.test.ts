import { describe, expect, it } from 'vitest';
import { asDom } from '../testing/dom.ts';
import { FakeDisplay } from '../testing/fake-display.ts';
import { domError } from '../testing/fake-media-devices.ts';
import { captureScreen } from './screen-capture.ts';

describe('what is asked for', () => {
  it('keeps our own tab and our own sound out, and allows to change over', async () => {
    const display = new FakeDisplay();
    await captureScreen(display.dom, {});
    expect(display.requests).toMatchObject([
      {
        audio: { restrictOwnAudio: true, echoCancellation: false },
        selfBrowserSurface: 'exclude',
        surfaceSwitching: 'include',
        systemAudio: 'include',
        windowAudio: 'window',
      },
    ]);
  });

  it('is no sound when none is wanted', async () => {
    const display = new FakeDisplay();
    await captureScreen(display.dom, { sound: false });
    expect(display.requests).toMatchObject([
      { audio: false, systemAudio: 'exclude', windowAudio: 'exclude' },
    ]);
  });

  it.each([
    ['detail', 15],
    ['text', 15],
    ['motion', 30],
  ] as const)('is for %s a picture of %i frames, with that hint', async (content, frameRate) => {
    const display = new FakeDisplay();
    const { track } = await captureScreen(display.dom, { content });
    expect(display.requests).toMatchObject([{ video: { frameRate } }]);
    expect(track.contentHint).toBe(content);
  });
});

describe('the echo guard', () => {
  it.each([
    ['another tab', 'browser', {}, true],
    ['the system without our own sound', 'monitor', { restrictOwnAudio: true }, true],
    ['the system with our own sound', 'monitor', { restrictOwnAudio: false }, false],
    ['a system that does not say', 'monitor', {}, false],
    ['a window without our own sound', 'window', { restrictOwnAudio: true }, true],
    ['a window that may have fallen back to the system', 'window', {}, false],
  ] as const)('the sound of %s', async (_what, displaySurface, sound, isKept) => {
    const display = new FakeDisplay();
    display.surface = { displaySurface, sound };
    const shared = await captureScreen(display.dom, {});
    expect(shared.sound !== undefined).toBe(isKept);
    expect(display.live.map(({ kind }) => kind)).toEqual(isKept ? ['video', 'audio'] : ['video']);
  });
});

describe('what goes wrong', () => {
  it('is what the browser says', async () => {
    const display = new FakeDisplay();
    const cause = domError('NotAllowedError', 'Permission denied');
    display.refusal = cause;
    await expect(captureScreen(display.dom, {})).rejects.toBe(cause);
  });

  it('a phone cannot share', async () => {
    const phone = captureScreen(asDom('mediaDevices', {}), {});
    await expect(phone).rejects.toMatchObject({ name: 'NotSupportedError' });
  });
});
