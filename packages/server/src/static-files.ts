/**
 * The page and the examples, read once into memory: a request can neither reach outside the folder
 * nor trip over a file that a new build has replaced meanwhile.
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** As HTTP calls them. */
export type Encoding = 'br' | 'gzip';

/** One file, ready to be sent. */
export interface StaticFile {
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
  readonly body: Buffer;
  /** The body in fewer bytes: made beside the event loop when it is first wanted. Absent where nothing is gained. */
  readonly encode?: (encoding: Encoding) => Promise<Buffer>;
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
/** The highest level, 11, takes three times as long for 2 % less. */
const BROTLI_QUALITY = 10;
/** Whoever asks first waits: a large file is made ready in less time, not in the fewest bytes. */
const LARGE_FILE_BYTES = 512 * 1024;
const LARGE_FILE_QUALITY = 5;
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
  return { ...file, encode: encoderOf(body) };
}

function encoderOf(body: Buffer): (encoding: Encoding) => Promise<Buffer> {
  const made = new Map<Encoding, Promise<Buffer>>();
  return (encoding) => {
    const known = made.get(encoding);
    if (known !== undefined) return known;
    const making = ENCODERS[encoding](body);
    made.set(encoding, making);
    return making;
  };
}

const ENCODERS: { readonly [E in Encoding]: (body: Buffer) => Promise<Buffer> } = {
  br: (body) => {
    const quality = body.byteLength > LARGE_FILE_BYTES ? LARGE_FILE_QUALITY : BROTLI_QUALITY;
    return promisify(brotliCompress)(body, {
      params: { [constants.BROTLI_PARAM_QUALITY]: quality },
    });
  },
  gzip: (body) => promisify(gzip)(body),
};
