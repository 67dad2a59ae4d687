/**
 * Which browser on which system: only to name the right button in a permission help text. Pure.
 * @module
 */

/** Where a site permission is changed. */
type Browser = 'chromium' | 'firefox' | 'safari' | 'ios' | 'android' | 'other';

/** Where an app permission is changed. */
type System = 'macos' | 'windows' | 'ios' | 'android' | 'other';

/** What the help texts need to know. */
export interface Platform {
  readonly browser: Browser;
  readonly system: System;
}

/** Reads `navigator.userAgent`. An iPad that poses as a Mac is known by its touch screen. */
export function detectPlatform(userAgent: string, maxTouchPoints: number): Platform {
  const system = detectSystem(userAgent, maxTouchPoints);
  return { browser: detectBrowser(userAgent, system), system };
}

function detectSystem(userAgent: string, maxTouchPoints: number): System {
  if (/iPhone|iPad|iPod/u.test(userAgent)) return 'ios';
  if (/Macintosh/u.test(userAgent)) return maxTouchPoints > 1 ? 'ios' : 'macos';
  if (/Android/u.test(userAgent)) return 'android';
  return /Windows/u.test(userAgent) ? 'windows' : 'other';
}

function detectBrowser(userAgent: string, system: System): Browser {
  if (system === 'ios' || system === 'android') return system;
  if (/Firefox\//u.test(userAgent)) return 'firefox';
  if (/Chrome\//u.test(userAgent)) return 'chromium';
  return /Safari\//u.test(userAgent) ? 'safari' : 'other';
}
