// @ts-check
/**
 * Installs the npm dependencies when they are missing or differ from the lock file.
 * @module
 */
import { readFileSync } from 'node:fs';
import { ROOT, run } from './run.mjs';

/**
 * @typedef {{ version?: string, optional?: boolean, link?: boolean }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages
 */

/**
 * @param {string} path of a lock file
 * @returns {LockedPackages} empty when there is none
 */
function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return {};
  }
}

/** Whether everything that the lock file asks of every machine is in node_modules. */
function isInstalled() {
  const wanted = readLock(`${ROOT}package-lock.json`);
  const installed = readLock(`${ROOT}node_modules/.package-lock.json`);
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) =>
      !path.startsWith('node_modules/') ||
      optional === true ||
      link === true ||
      installed[path]?.version === version,
  );
}

/** @returns {Promise<void>} rejects with the next step when npm fails */
export async function ensureInstalled() {
  if (isInstalled()) return;
  console.log('Installing dependencies (once) ...');
  // Not `npm ci`: it gives up when a registry lacks a prebuilt binary for some other platform.
  const code = await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) {
    throw new Error('npm install failed. Check the connection to the npm registry and try again.');
  }
}
