/**
 * The page and the examples, read once into memory: a request can neither reach outside the folder
 * nor trip over a file that a new build has replaced meanwhile.
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** One file, ready to be sent. */
export interface StaticFile {
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
  readonly body: Buffer;
  /** Absent where compression gains nothing. */
  readonly brotli?: Buffer;
  readonly gzip?: Buffer;
}

/** Files by their path in a URL, which starts with a slash. */
export type StaticFiles = ReadonlyMap<string, StaticFile>;

const TYPES: { readonly [extension: string]: string } = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mp3': 'audio/mpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
const UNKNOWN_TYPE = 'application/octet-stream';
/** The highest level, 11, makes the start three times as long for 2 % less. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } };
const COMPRESSIBLE = /charset=utf-8|wasm/;
/** Vite puts a hash of the content into the names of what it writes here. */
const HASHED = /^\/assets\//;
const FOREVER = 'public, max-age=31536000, immutable';
const REVALIDATE = 'no-cache';

/** Reads every file below `folder`, dotfiles left out; empty when there is no such folder. */
export function loadStaticFiles(folder: string): StaticFiles {
  const files = new Map<string, StaticFile>();
  if (!existsSync(folder)) return files;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const url = `/${relative(folder, path).split(sep).join('/')}`;
    if (!url.includes('/.')) files.set(url, staticFile(url, readFileSync(path)));
  }
  return files;
}

function staticFile(url: string, body: Buffer): StaticFile {
  const type = TYPES[extname(url).toLowerCase()] ?? UNKNOWN_TYPE;
  const file: StaticFile = {
    type,
    etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
    cacheControl: HASHED.test(url) ? FOREVER : REVALIDATE,
    body,
  };
  if (!COMPRESSIBLE.test(type)) return file;
  return { ...file, brotli: brotliCompressSync(body, BROTLI), gzip: gzipSync(body) };
}
