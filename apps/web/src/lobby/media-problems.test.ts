import { describe, expect, it } from 'vitest';
import { mediaProblems } from './media-problems.ts';
import type { SlotFailure } from './media-problems.ts';
import type { Platform } from './platform.ts';

const PLATFORM: Platform = { browser: 'firefox', system: 'macos' };
const LIVE: SlotFailure = { state: 'live', error: undefined };

type Code = NonNullable<SlotFailure['error']>['code'];

function failed(code: Code): SlotFailure {
  return { state: 'failed', error: { code } };
}

describe('mediaProblems', () => {
  it('has nothing to say while both devices work', () => {
    expect(mediaProblems(LIVE, { state: 'off', error: undefined }, PLATFORM)).toEqual([]);
  });

  it('makes one card when both failed for the same reason', () => {
    const denied = failed('ERR_MEDIA_DENIED_BY_BROWSER');
    expect(mediaProblems(denied, denied, PLATFORM)).toEqual([
      {
        code: 'ERR_MEDIA_DENIED_BY_BROWSER',
        devices: 'both',
        deviceNames: 'device.some.both',
        title: 'problem.browser.title',
        help: 'problem.browser.firefox',
        consequence: 'problem.consequence.both',
        retryable: true,
      },
    ]);
  });

  it('makes a card each when the reasons differ', () => {
    const cards = mediaProblems(
      failed('ERR_MEDIA_NOT_FOUND'),
      failed('ERR_MEDIA_DENIED_BY_SYSTEM'),
      PLATFORM,
    );
    expect(cards.map((card) => [card.devices, card.title, card.help])).toEqual([
      ['camera', 'problem.notFound.title.camera', 'problem.notFound.body'],
      ['microphone', 'problem.system.title', 'problem.system.macos'],
    ]);
  });

  it('names no consequence when only a change of device failed and the old one goes on', () => {
    const stillLive: SlotFailure = { state: 'live', error: { code: 'ERR_MEDIA_IN_USE' } };
    expect(mediaProblems(stillLive, LIVE, PLATFORM)[0]?.consequence).toBeUndefined();
  });

  it('does not offer to ask again on an insecure page: it cannot help', () => {
    const insecure = failed('ERR_MEDIA_INSECURE_ORIGIN');
    expect(mediaProblems(insecure, insecure, PLATFORM)[0]?.retryable).toBe(false);
  });

  it('tells every cause apart', () => {
    const codes: readonly Code[] = [
      'ERR_MEDIA_DENIED_BY_BROWSER',
      'ERR_MEDIA_DENIED_BY_SYSTEM',
      'ERR_MEDIA_IN_USE',
      'ERR_MEDIA_NOT_FOUND',
      'ERR_MEDIA_OVERCONSTRAINED',
      'ERR_MEDIA_INSECURE_ORIGIN',
      'ERR_MEDIA_UNKNOWN',
    ];
    const titles = codes.map((code) => mediaProblems(failed(code), LIVE, PLATFORM)[0]?.title);
    expect(new Set(titles).size).toBe(codes.length);
  });
});
