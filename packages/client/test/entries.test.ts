import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ENTRIES = [
  '@parley/protocol',
  '@parley/turn',
  '@parley/server',
  '@parley/client',
  '@parley/client/checkup',
  '@parley/client/embed',
  '@parley/client/testing',
];

/** The built package, as a server-side render loads it. Resolves when the process has ended, by itself. */
async function importInNode(entry: string): Promise<string> {
  const script = `
    const before = Reflect.ownKeys(globalThis).length;
    await import('${entry}');
    console.log(Reflect.ownKeys(globalThis).length - before, 'globals added');`;
  const args = ['--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  return stdout.trim();
}

/** What is left of this code when a bundler has dropped what nobody uses. */
async function bundled(code: string): Promise<string> {
  const id = '/entry-of-an-application.js';
  const result = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'entry',
        resolveId: (name) => (name === id ? id : undefined),
        load: (name) => (name === id ? code : undefined),
      },
    ],
    build: { write: false, minify: false, rollupOptions: { input: id } },
  });
  const outputs = Array.isArray(result) ? result : [result];
  return outputs
    .flatMap((one) => ('output' in one ? one.output : []))
    .map((file) => (file.type === 'chunk' ? file.code : ''))
    .join('');
}

describe('entries of the built packages', () => {
  it.each(ENTRIES)('%s is imported without a trace', async (entry) => {
    expect(await importInNode(entry)).toBe('0 globals added');
  });

  it('what an application does not use of the SDK is not in its bundle', async () => {
    expect((await bundled(`import '@parley/client';`)).trim()).toBe('');
    const keyOnly = await bundled(
      `import { createLinkKey } from '@parley/client'; console.log(createLinkKey());`,
    );
    expect(keyOnly).toContain('getRandomValues');
    expect(keyOnly).not.toContain('RTCPeerConnection');
    expect(keyOnly).not.toContain('socket.io');
    expect(keyOnly.length).toBeLessThan(4_000);
  });
});
