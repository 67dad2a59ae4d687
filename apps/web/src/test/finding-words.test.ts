import type { Finding } from '@parley/client/checkup';
import { expect, it } from 'vitest';
import english from '../i18n/locales/en.json' with { type: 'json' };
import problems from '../i18n/locales/en-problem.json' with { type: 'json' };
import words from '../i18n/locales/en-test.json' with { type: 'json' };
import type { MessageKey } from '../i18n/message-key.ts';
import { createTranslate } from '../i18n/translate.ts';
import { findingWords } from './finding-words.ts';
import { formatReport } from './report.ts';

const t = createTranslate<MessageKey>('en', { ...english, ...problems, ...words });
const PLATFORM = { browser: 'chromium', system: 'other' } as const;
const SILENT: Finding = {
  check: 'turnUdp',
  status: 'fail',
  reason: 'relaySilentUdp',
  values: { port: '8443' },
};

it('a failure has its one fix, with the port in it', () => {
  expect(findingWords(t, SILENT, PLATFORM)).toMatchObject({
    name: 'Relay over UDP',
    status: 'Does not work',
    detail: 'no answer',
    fix: expect.stringContaining('UDP port 8443 of the server is closed'),
  });
});

it('what works has no fix', () => {
  const row: Finding = { check: 'page', status: 'ok', reason: 'answers', values: { ms: 12 } };
  expect(findingWords(t, row, PLATFORM)).toMatchObject({
    detail: 'answers in 12 ms',
    fix: undefined,
  });
});

it('a device that is refused has the help of this browser', () => {
  const row: Finding = {
    check: 'microphone',
    status: 'fail',
    reason: 'ERR_MEDIA_DENIED_BY_BROWSER',
    values: {},
  };
  expect(findingWords(t, row, PLATFORM)).toMatchObject({
    detail: 'Your browser is blocking the microphone',
    fix: expect.stringContaining('Click the icon to the left of the address, allow the microphone'),
  });
});

it('the report has each row, its reason and its fix', () => {
  const rows = [{ finding: SILENT, words: findingWords(t, SILENT, PLATFORM) }];
  const frame = {
    title: 'Test',
    origin: 'https://calls.example.org',
    browser: 'Browser/1',
    date: new Date('2026-11-30T12:00:00Z'),
  };
  expect(formatReport(frame, rows).split('\n')).toEqual([
    'Test',
    'https://calls.example.org',
    '2026-11-30T12:00:00.000Z',
    'Browser/1',
    '',
    'Does not work: Relay over UDP: no answer (relaySilentUdp)',
    expect.stringMatching(/^ {2}This network lets no UDP out/u),
    '',
  ]);
});
