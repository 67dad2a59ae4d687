/**
 * Somebody's own site, at another origin, that has a call in one of its pages: the example, loaded from there.
 * @module
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const EXAMPLE = fileURLToPath(new URL('../../examples/embed/', import.meta.url));
const TYPES: { readonly [extension: string]: string } = {
  css: 'text/css',
  html: 'text/html',
  js: 'text/javascript',
};

/** A site. Its owner must `close` it. */
export interface HostSite {
  /** Its origin. The name is not that of the server under test: for a browser they are two sites. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the example as a site that has its calls at `calls()`, an address of the server. */
export async function startHostSite(calls: () => string): Promise<HostSite> {
  const server = createServer((request, response) => {
    const name = request.url === '/' ? 'index.html' : (request.url ?? '').slice(1);
    const type = TYPES[name.split('.').at(-1) ?? ''];
    if (type === undefined || !/^[a-z]+\.[a-z]+$/u.test(name)) {
      response.writeHead(404).end();
      return;
    }
    const text = readFileSync(EXAMPLE + name, 'utf8');
    response.writeHead(200, { 'Content-Type': type });
    response.end(text.replace('src="/embed.js"', `src="${calls()}/embed.js"`));
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://localhost:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
