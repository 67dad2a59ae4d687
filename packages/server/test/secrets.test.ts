import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadSessionSecrets, loadTurnSecrets } from '../src/secret-file.ts';
import { temporaryFolder } from './harness.ts';

const COMPILED = new URL('../dist/secret-file.js', import.meta.url).href;
const NEW_SECRET = 'n'.repeat(32);
const OLD_SECRET = 'o'.repeat(43);

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

/** A data folder with this text in its secret file. */
function folderWith(text: string, mode = 0o600): { folder: string; file: string } {
  const folder = temporaryFolder();
  const file = join(folder, 'turn-secret');
  writeFileSync(file, text, { mode });
  chmodSync(file, mode);
  return { folder, file };
}

describe('the secret of the relay', () => {
  it('is made at the first start: 256 random bits, for the owner alone', () => {
    const folder = join(temporaryFolder(), 'a', 'b');
    const [secret = '', ...others] = loadTurnSecrets(folder);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(others).toEqual([]);
    expect(modeOf(folder)).toBe(0o700);
    expect(modeOf(join(folder, 'turn-secret'))).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['turn-secret']);
  });

  it('SIG-63 is another one than that of the sessions, which lies beside it', () => {
    const folder = temporaryFolder();
    const secrets = [...loadTurnSecrets(folder), ...loadSessionSecrets(folder)];
    expect(new Set(secrets).size).toBe(2);
    expect(readdirSync(folder)).toEqual(['session-secret', 'turn-secret']);
    expect(modeOf(join(folder, 'session-secret'))).toBe(0o600);
    expect(loadSessionSecrets(folder)).toEqual(secrets.slice(1));
  });

  it('is another one for every server', () => {
    expect(loadTurnSecrets(temporaryFolder())).not.toEqual(loadTurnSecrets(temporaryFolder()));
  });

  it('stays the same from start to start', () => {
    const folder = temporaryFolder();
    const first = loadTurnSecrets(folder);
    const text = readFileSync(join(folder, 'turn-secret'));
    expect(loadTurnSecrets(folder)).toEqual(first);
    expect(readFileSync(join(folder, 'turn-secret'))).toEqual(text);
  });

  it('is one for all servers that start at the same time with one folder', async () => {
    const folder = temporaryFolder();
    const run = promisify(execFile);
    const code = `import { loadTurnSecrets } from ${JSON.stringify(COMPILED)};
      process.stdout.write(loadTurnSecrets(process.argv[1]).join());`;
    const starts = Array.from({ length: 8 }, () =>
      run(execPath, ['--input-type=module', '--eval', code, folder]),
    );
    const printed = (await Promise.all(starts)).map(({ stdout }) => stdout);
    expect(printed).toEqual(printed.map(() => loadTurnSecrets(folder).join()));
    expect(readdirSync(folder)).toEqual(['turn-secret']);
  });

  it('can be changed: several are accepted, the first comes first', () => {
    const { folder } = folderWith(
      `# since Monday\n${NEW_SECRET}\n\n  ${OLD_SECRET}  \r\n#${'x'.repeat(40)}\n`,
    );
    expect(loadTurnSecrets(folder)).toEqual([NEW_SECRET, OLD_SECRET]);
  });

  it.each([
    ['', /has no secret in it. Correct it, or delete it to get a new one/],
    ['# nothing\n', /has no secret in it/],
    ['hush\n', /has a secret of less than 32 characters/],
    [`${NEW_SECRET}\nhush`, /has a secret of less than 32 characters/],
    [`${NEW_SECRET}\n`.repeat(9), /has more than 8 secrets/],
  ])('is refused when the file says %j, without repeating it', (text, message) => {
    const { folder, file } = folderWith(text);
    const attempt = () => loadTurnSecrets(folder);
    expect(attempt).toThrow(
      expect.objectContaining({ code: 'ERR_SECRET_FILE', message: expect.stringMatching(message) }),
    );
    expect(attempt).toThrow(file);
    expect(attempt).not.toThrow('hush');
  });

  it.each([0o640, 0o604, 0o666])('is refused when others may read it: mode %o', (mode) => {
    const { folder, file } = folderWith(`${NEW_SECRET}\n`, mode);
    expect(() => loadTurnSecrets(folder)).toThrow(
      expect.objectContaining({
        code: 'ERR_SECRET_FILE',
        message: `Other users may read the secret in ${file}. Run "chmod 600 ${file}".`,
      }),
    );
  });

  it.each([0o720, 0o702, 0o777])('is refused in a folder that others may change: %o', (mode) => {
    const folder = temporaryFolder();
    chmodSync(folder, mode);
    expect(() => loadTurnSecrets(folder)).toThrow(
      expect.objectContaining({
        code: 'ERR_DATA_DIR',
        message: expect.stringContaining(`chmod go-w ${folder}`),
      }),
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('may lie in a folder that others may look into', () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    expect(loadTurnSecrets(folder)).toHaveLength(1);
  });

  it('needs a folder that can be made', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => loadTurnSecrets(join(file, 'data'))).toThrow(
      expect.objectContaining({
        code: 'ERR_DATA_DIR',
        message:
          `Cannot create ${join(file, 'data')} (ENOTDIR). ` +
          'Choose another data folder, or give this user access to it.',
      }),
    );
  });

  it('needs a file that can be read', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'turn-secret'), { mode: 0o700 });
    expect(() => loadTurnSecrets(folder)).toThrow(
      expect.objectContaining({
        code: 'ERR_DATA_DIR',
        message: expect.stringMatching(/^Cannot read .*turn-secret \(EISDIR\)/),
      }),
    );
  });
});
