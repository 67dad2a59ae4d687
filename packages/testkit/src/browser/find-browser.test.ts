import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBrowser } from './find-browser.ts';

describe('findBrowser', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-browsers-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function install(command: string, mode: number): string {
    const path = join(folder, command);
    writeFileSync(path, '');
    chmodSync(path, mode);
    return path;
  }

  it('names the package to install when there is no browser', () => {
    expect(() => findBrowser('firefox', folder)).toThrow('sudo apt-get install firefox-esr');
    expect(() => findBrowser('chromium', '')).toThrow('sudo apt-get install chromium');
  });

  it('looks through the whole path and takes the best command', () => {
    install('firefox', 0o755);
    const esr = install('firefox-esr', 0o755);
    expect(findBrowser('firefox', ['/nowhere', folder].join(delimiter))).toBe(esr);
  });

  it('passes over a file that cannot be executed', () => {
    install('chromium', 0o644);
    const other = install('google-chrome', 0o755);
    expect(findBrowser('chromium', folder)).toBe(other);
  });
});
