import { expect, it } from 'vitest';
import { createTranslate } from '../i18n/translate.ts';
import english from '../i18n/locales/en-call.json' with { type: 'json' };
import type { MessageKey } from '../i18n/message-key.ts';
import { linkSentence } from './link-sentence.ts';

const t = createTranslate<MessageKey>('en', english);

it('says path, bitrate and round trip, and leaves away what is not known', () => {
  const link = { path: 'relay-tls', rttMs: 47.6, limitedBy: 'none' } as const;
  expect(linkSentence(t, link, 1_234_567)).toBe('relayed over TLS, 1.2 Mbit/s, 48 ms');
  expect(linkSentence(t, link, 64_400)).toBe('relayed over TLS, 64 kbit/s, 48 ms');
  const unknown = { path: undefined, rttMs: undefined, limitedBy: 'other' } as const;
  expect(linkSentence(t, { ...unknown, path: 'host' })).toBe('direct in your network');
  expect(linkSentence(t, { ...unknown, rttMs: 3 })).toBe('path not known yet');
});

it.each([
  ['bandwidth', 'your picture held back by the network'],
  ['cpu', 'your picture held back by this device'],
] as const)('says that our picture is limited by %s', (limitedBy, words) => {
  const link = { path: 'srflx', rttMs: 48, limitedBy } as const;
  expect(linkSentence(t, link)).toBe(`direct over the internet, 48 ms, ${words}`);
});
