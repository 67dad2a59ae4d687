/**
 * Plain HTTP: the page at `/`, `/test` and `/r/<room>`, its files, the examples, and goodbyes of closing pages.
 * Socket.IO answers its own path.
 * @module
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Encoding, StaticFile, StaticFiles } from './static-files.ts';

/** Path of the page that shows every room. */
const PAGE = '/index.html';
/** Rooms and the test of the connection are places inside the page, not files. */
const PAGE_PATH = /^\/(?:$|r(?:\/|$)|test\/?$)/;
/** Where a closing page says goodbye. */
const LEAVE_PATH = '/leave';
/** Where an application gets access tokens, if the owner allows it. */
const TOKENS_PATH = '/api/tokens';
const TEXT = 'text/plain; charset=utf-8';
const NOT_BUILT = 'The page is not built. Run "npm run build", then start the server again.\n';

/** What a request is answered with, decided without touching a socket. */
export type Resource =
  | { readonly name: 'file'; readonly file: StaticFile }
  | { readonly name: 'redirect'; readonly location: string }
  | { readonly name: 'text'; readonly status: number; readonly text: string };

/** Makes the handler for every request that is not Socket.IO's. */
export function createHttpHandler(
  files: StaticFiles,
  onLeave: RequestListener,
  onTokens?: RequestListener,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    if (request.method === 'POST' && request.url === LEAVE_PATH) return onLeave(request, response);
    if (request.method === 'POST' && request.url === TOKENS_PATH && onTokens !== undefined) {
      return onTokens(request, response);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return sendText(response, 405, 'Only GET and HEAD are answered here.\n');
    }
    const resource = findResource(files, request.url ?? '/');
    switch (resource.name) {
      case 'file':
        return sendFile(request, response, resource.file);
      case 'redirect':
        response.setHeader('Location', resource.location);
        return sendText(response, 308, `See ${resource.location}\n`);
      case 'text':
        return sendText(response, resource.status, resource.text);
    }
  };
}

/** What stands behind a request target. */
export function findResource(files: StaticFiles, target: string): Resource {
  const path = decodePath(target);
  if (path === undefined) return { name: 'text', status: 400, text: 'Malformed address.\n' };
  if (PAGE_PATH.test(path)) {
    const page = files.get(PAGE);
    if (page === undefined) return { name: 'text', status: 503, text: NOT_BUILT };
    return { name: 'file', file: page };
  }
  const file = files.get(path) ?? (path.endsWith('/') ? files.get(`${path}index.html`) : undefined);
  if (file !== undefined) return { name: 'file', file };
  // Relative links of a folder's page only work behind the slash.
  if (files.has(`${path}/index.html`)) return { name: 'redirect', location: encodeURI(`${path}/`) };
  return { name: 'text', status: 404, text: 'There is nothing here.\n' };
}

function decodePath(target: string): string | undefined {
  const path = target.split(/[?#]/, 1)[0] ?? '';
  if (!path.startsWith('/')) return undefined;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: StaticFile): void {
  response.setHeader('ETag', file.etag);
  response.setHeader('Cache-Control', file.cacheControl);
  if (file.encode !== undefined) response.setHeader('Vary', 'Accept-Encoding');
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304).end();
    return;
  }
  const encoding = chooseEncoding(request.headers['accept-encoding']);
  if (file.encode === undefined || encoding === undefined) {
    return sendBody(response, file.type, file.body);
  }
  response.setHeader('Content-Encoding', encoding);
  file.encode(encoding).then(
    (body) => sendBody(response, file.type, body),
    (error: Error) => response.destroy(error),
  );
}

function sendBody(response: ServerResponse, type: string, body: Buffer): void {
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': body.byteLength });
  response.end(body);
}

function chooseEncoding(header: string | string[] | undefined): Encoding | undefined {
  const accepted = String(header ?? '');
  if (/\bbr\b/.test(accepted)) return 'br';
  return /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': TEXT,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  });
  response.end(text);
}
