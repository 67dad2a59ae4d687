// @ts-check
/**
 * Makes sure that the programs the tests drive are on this machine: installs them with apt where that
 * is possible, otherwise says exactly what to install.
 * @module
 */
import { accessSync, constants } from 'node:fs';
import { delimiter } from 'node:path';
import { run } from './run.mjs';

/** Command that must exist, and the Debian package that brings it. */
const TOOLS = {
  ip: 'iproute2',
  nft: 'nftables',
  chromium: 'chromium',
  'firefox-esr': 'firefox-esr',
  certutil: 'libnss3-tools',
  nginx: 'nginx',
  'redis-server': 'redis-server',
  turnserver: 'coturn',
  turnutils_stunclient: 'coturn',
};

/** @param {string} command */
function isOnPath(command) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(`${folder}/${command}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function missingPackages() {
  const missing = Object.entries(TOOLS).filter(([command]) => !isOnPath(command));
  return [...new Set(missing.map(([, name]) => name))];
}

/** @returns {Promise<void>} rejects with the command to type when something is missing */
export async function ensureTools() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const install = ['install', '-y', '-q', '--no-install-recommends', ...missing];
  if (process.getuid?.() === 0 && isOnPath('apt-get')) {
    console.log(`Installing with apt: ${missing.join(' ')} ...`);
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-q'], { env, quiet: true });
    await run('apt-get', install, { env, quiet: true });
  }
  const stillMissing = missingPackages();
  if (stillMissing.length > 0) {
    throw new Error(`The tests need: sudo apt-get install ${stillMissing.join(' ')}`);
  }
}
