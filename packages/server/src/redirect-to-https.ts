/**
 * Answers plain HTTP on a port that speaks TLS: come back by https, to the same place.
 * @module
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { formatUrlHost, parseHostHeader } from './host-name.ts';
import { HTTPS_PORT } from './https/https-options.ts';

/** Sends every request on the port of https to the same address under `https:`. */
export function redirectToHttps(request: IncomingMessage, response: ServerResponse): void {
  const { host } = request.headers;
  const { localAddress = 'localhost', localPort = HTTPS_PORT } = request.socket;
  // The port that the client knows may be another one than ours: that of a container's host.
  const authority =
    parseHostHeader(host) === undefined ? `${formatUrlHost(localAddress)}:${localPort}` : host;
  redirect(request, response, authority);
}

/** Makes a handler for port 80, which sends every request to the port of https. */
export function redirectToPort(port: number): RequestListener {
  return (request, response) => {
    const { localAddress = 'localhost' } = request.socket;
    const host = parseHostHeader(request.headers.host) ?? formatUrlHost(localAddress);
    redirect(request, response, port === HTTPS_PORT ? host : `${host}:${port}`);
  };
}

function redirect(
  request: IncomingMessage,
  response: ServerResponse,
  authority: string | undefined,
): void {
  const { url = '/' } = request;
  // An absolute or malformed target is not worth following.
  const path = url.startsWith('/') && !url.startsWith('//') ? url : '/';
  const location = `https://${authority}${path}`;
  const body = `This address speaks https. See ${location}\n`;
  response.writeHead(308, {
    Location: location,
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
