/**
 * Starts a browser by name. The automation libraries are large; who only wants the fake clock does
 * not load them.
 * @module
 */
import type { BrowserName } from './find-browser.ts';
import type { BrowserOptions, TestBrowser } from './test-page.ts';

/** Starts a browser with fake devices. @throws with the package to install when it is missing */
export async function launchBrowser(
  name: BrowserName,
  options: BrowserOptions = {},
): Promise<TestBrowser> {
  switch (name) {
    case 'chromium': {
      const { launchChromium } = await import('./chromium.ts');
      return launchChromium(options);
    }
    case 'firefox': {
      const { launchFirefox } = await import('./firefox.ts');
      return launchFirefox(options);
    }
  }
}
