import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordingName } from './recording-name.ts';

const AT = new Date(2026, 10, 30, 9, 5);

describe('recordingName', () => {
  it('says where and when', () => {
    expect(recordingName('daily', AT, 'video/webm;codecs=vp8,opus')).toBe(
      'daily 2026-11-30 09.05.webm',
    );
    expect(recordingName('우리 반', AT, 'video/mp4')).toBe('우리 반 2026-11-30 09.05.mp4');
  });

  it('is a name that every file system takes, whatever the room is called', () => {
    expect(recordingName('../a:b', AT, 'video/webm')).toBe('a b 2026-11-30 09.05.webm');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (room) => {
        const name = recordingName(room, AT, 'video/webm');
        expect(name).not.toMatch(/[\\/:*?"<>|\p{Cc}]|^\./u);
        expect(name.endsWith('2026-11-30 09.05.webm')).toBe(true);
      }),
    );
  });
});
