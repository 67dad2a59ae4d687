import { expect, it } from 'vitest';
import { createTranslate } from '../i18n/translate.ts';
import words from '../i18n/locales/en-call.json' with { type: 'json' };
import type { MessageKey } from '../i18n/message-key.ts';
import { linkSentence } from './link-sentence.ts';

const t = createTranslate<MessageKey>('en', words);

it('says path, bitrate and round trip, and leaves away what is not known', () => {
  const link = { path: 'relay-tls', rttMs: 47.6 } as const;
  expect(linkSentence(t, link, 1_234_567)).toBe('relayed over TLS, 1.2 Mbit/s, 48 ms');
  expect(linkSentence(t, link, 64_400)).toBe('relayed over TLS, 64 kbit/s, 48 ms');
  expect(linkSentence(t, { path: 'host', rttMs: undefined })).toBe('direct in your network');
  expect(linkSentence(t, { path: undefined, rttMs: 3 })).toBe('path not known yet');
});
