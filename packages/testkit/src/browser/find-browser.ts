/**
 * Finds the browsers that Debian installs. A test that needs one which is missing fails with the
 * command to type.
 * @module
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';

/** The browsers the tests drive. */
export type BrowserName = 'chromium' | 'firefox';

/** Commands to look for, the best one first, and the Debian package that brings it. */
const COMMANDS: { readonly [B in BrowserName]: readonly string[] } = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome'],
  firefox: ['firefox-esr', 'firefox'],
};
const PACKAGES: { readonly [B in BrowserName]: string } = {
  chromium: 'chromium',
  firefox: 'firefox-esr',
};

/** Path of the browser's program. @throws with the package to install when there is none */
export function findBrowser(name: BrowserName, path: string = env['PATH'] ?? ''): string {
  for (const command of COMMANDS[name]) {
    const found = path
      .split(delimiter)
      .map((folder) => join(folder, command))
      .find(isExecutable);
    if (found !== undefined) return found;
  }
  throw new Error(`${name} is not installed. Type: sudo apt-get install ${PACKAGES[name]}`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
