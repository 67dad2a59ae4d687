/**
 * Answers plain HTTP on a port that speaks TLS: come back by https, to the same place.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { formatUrlHost, parseHostHeader } from './host-name.ts';

/** Sends every request to the same address under `https:`. */
export function redirectToHttps(request: IncomingMessage, response: ServerResponse): void {
  const location = secureLocation(request);
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

function secureLocation({ headers, socket, url = '/' }: IncomingMessage): string {
  const { host } = headers;
  // The port that the client knows may be another one than ours: that of a container's host.
  const authority =
    parseHostHeader(host) === undefined
      ? `${formatUrlHost(socket.localAddress ?? 'localhost')}:${socket.localPort ?? 443}`
      : host;
  // An absolute or malformed target is not worth following.
  const path = url.startsWith('/') && !url.startsWith('//') ? url : '/';
  return `https://${authority}${path}`;
}
