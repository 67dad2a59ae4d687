/**
 * Hands the contenders' pages and their libraries to the browsers of the laboratory; runs on a host
 * of it. Arguments: address, port.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const [host = '127.0.0.1', port = '8000'] = argv.slice(2);

/** From the folder that benchmarks are built into. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TYPES: { readonly [ending: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};
const LIBRARIES: { readonly [path: string]: string } = {
  '/peerjs.js': 'node_modules/peerjs/dist/peerjs.min.js',
  '/simple-peer.js': 'node_modules/simple-peer/simplepeer.min.js',
  '/socket.io.js': 'node_modules/socket.io-client/dist/socket.io.min.js',
};

function fileOf(path: string): string | undefined {
  if (path.includes('..')) return undefined;
  if (path === '/') return 'benchmarks/first-frame/pages/index.html';
  if (path.startsWith('/pages/')) return `benchmarks/first-frame${path}`;
  if (path.startsWith('/faults/'))
    return `benchmarks/faults/pages/${path.slice('/faults/'.length)}`;
  if (path.startsWith('/sdk/')) return `packages/client/dist/page/${path.slice('/sdk/'.length)}`;
  return LIBRARIES[path];
}

const server = createServer((request, response) => {
  const file = fileOf(new URL(request.url ?? '/', 'http://lab').pathname);
  if (file === undefined || !existsSync(ROOT + file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
  response.end(readFileSync(ROOT + file));
});
server.listen(Number(port), host, () => console.log('ready'));
