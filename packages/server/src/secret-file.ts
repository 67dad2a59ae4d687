/**
 * The secrets that relay credentials and session tokens are made with, each kind in a file of its own
 * in the data folder, from the first start on.
 * Text, one secret per line; empty lines and those that begin with # are skipped. The first one
 * makes what is handed out, all of them are accepted: to change it, put a new one on top and delete
 * the old one when what was made with it has ended.
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { platform } from 'node:process';
import { ParleyError } from '@parley/protocol';

/** Why the secret could not be had. */
export type SecretErrorCode = 'ERR_DATA_DIR' | 'ERR_SECRET_FILE';

/** Shortest secret taken: 128 random bits as hexadecimal text. */
const MIN_SECRET_LENGTH = 32;

/** Each one that is still accepted costs time at every request. */
const MAX_SECRETS = 8;
const SECRET_BYTES = 32;
const DRAFT_BYTES = 6;
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const READABLE_BY_OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/** One kind of secret. */
interface SecretKind {
  readonly fileName: string;
  /** What the first line of the file says. */
  readonly purpose: string;
}

const TURN: SecretKind = { fileName: 'turn-secret', purpose: 'The secret of the relay.' };
const SESSION: SecretKind = {
  fileName: 'session-secret',
  purpose: 'The secret that lets people come back into their rooms.',
};

/**
 * Reads the secrets of the relay from `dataDir`; creates folder and file when they are not there.
 *
 * @throws {ParleyError} a {@link SecretErrorCode}; the message names the file and what to do
 */
export function loadTurnSecrets(dataDir: string): readonly string[] {
  return loadSecrets(dataDir, TURN);
}

/**
 * The same for the secrets of session tokens.
 *
 * @throws {ParleyError} a {@link SecretErrorCode}; the message names the file and what to do
 */
export function loadSessionSecrets(dataDir: string): readonly string[] {
  return loadSecrets(dataDir, SESSION);
}

function loadSecrets(dataDir: string, { fileName, purpose }: SecretKind): readonly string[] {
  const folder = resolve(dataDir);
  const file = join(folder, fileName);
  attempt('create', folder, () => mkdirSync(folder, { recursive: true, mode: FOLDER_MODE }));
  checkFolder(folder);
  createIfAbsent(file, purpose);
  checkFile(file);
  const secrets = parseSecrets(attempt('read', file, () => readFileSync(file, 'utf8')));
  const problem = faultOf(secrets);
  if (problem !== undefined) {
    throw new ParleyError(
      'ERR_SECRET_FILE',
      `The file ${file} ${problem}. Correct it, or delete it to get a new one.`,
    );
  }
  return secrets;
}

/** What is wrong with these secrets, as the rest of a sentence; never repeats one of them. */
export function faultOf(secrets: readonly string[]): string | undefined {
  if (secrets.length === 0) return 'has no secret in it';
  if (secrets.length > MAX_SECRETS) return `has more than ${MAX_SECRETS} secrets`;
  const isShort = secrets.some((secret) => secret.length < MIN_SECRET_LENGTH);
  return isShort ? `has a secret of less than ${MIN_SECRET_LENGTH} characters` : undefined;
}

function parseSecrets(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Servers that start at the same time find one secret: the file is there whole, or not at all. */
function createIfAbsent(file: string, purpose: string): void {
  if (existsSync(file)) return;
  const text = [
    `# ${purpose} Keep it to yourself.`,
    '# One per line: the first is used, all are accepted.',
    randomBytes(SECRET_BYTES).toString('base64url'),
    '',
  ].join('\n');
  const draft = `${file}.${randomBytes(DRAFT_BYTES).toString('hex')}`;
  attempt('create', file, () => {
    try {
      writeFileSync(draft, text, { flag: 'wx', mode: FILE_MODE, flush: true });
      publish(draft, file);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  });
}

/** Throws `EEXIST` when somebody was faster. */
function publish(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw error;
    // There are file systems without links.
    copyFileSync(draft, file, constants.COPYFILE_EXCL);
  }
}

function checkFolder(folder: string): void {
  const mode = modeOf(folder);
  if ((mode & WRITABLE_BY_OTHERS) === 0 || (mode & STICKY) !== 0) return;
  throw new ParleyError(
    'ERR_DATA_DIR',
    `Other users may write into the folder ${folder}, which holds a secret. Run "chmod go-w ${folder}".`,
  );
}

function checkFile(file: string): void {
  if ((modeOf(file) & READABLE_BY_OTHERS) === 0) return;
  throw new ParleyError(
    'ERR_SECRET_FILE',
    `Other users may read the secret in ${file}. Run "chmod 600 ${file}".`,
  );
}

/** Windows has no such bits; there the folder's access list decides. */
function modeOf(path: string): number {
  const { mode } = attempt('read', path, () => statSync(path));
  return platform === 'win32' ? 0 : mode;
}

function attempt<Value>(what: 'create' | 'read', path: string, action: () => Value): Value {
  try {
    return action();
  } catch (cause) {
    throw new ParleyError(
      'ERR_DATA_DIR',
      `Cannot ${what} ${path} (${String(errorCode(cause))}). Choose another data folder, or give this user access to it.`,
      { cause },
    );
  }
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
