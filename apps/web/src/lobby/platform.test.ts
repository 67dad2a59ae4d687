import { expect, it } from 'vitest';
import { detectPlatform } from './platform.ts';

const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';

it.each([
  [
    `${MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15`,
    'safari',
    'macos',
  ],
  [`${MAC} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36`, 'chromium', 'macos'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'firefox',
    'windows',
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150 Safari/537.36',
    'chromium',
    'other',
  ],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) CriOS/150 Safari/604.1', 'ios', 'ios'],
  [
    'Mozilla/5.0 (Linux; Android 16; Pixel 9) Chrome/150.0 Mobile Safari/537.36',
    'android',
    'android',
  ],
  ['Lynx/2.9', 'other', 'other'],
])('detectPlatform of %s', (userAgent, browser, system) => {
  expect(detectPlatform(userAgent, 0)).toEqual({ browser, system });
});

it('detectPlatform sees through an iPad that poses as a Mac', () => {
  const userAgent = `${MAC} AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15`;
  expect(detectPlatform(userAgent, 5)).toEqual({ browser: 'ios', system: 'ios' });
});
