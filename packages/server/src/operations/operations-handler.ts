/**
 * What the owner of a server and their machines ask by HTTP: is it alive, is it ready, its numbers, and
 * who is inside. Everybody may ask the first two; the rest needs the admin token, metrics only from
 * elsewhere.
 * @module
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Now } from '../clock.ts';
import type { NodesStatus } from '../nodes/nodes.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { RateLimit } from '../token-bucket.ts';
import type { Metrics } from './metrics.ts';
import type { RoomReport } from './room-report.ts';

/** What the handler works with. */
export interface OperationsContext {
  readonly metrics: Metrics;
  /** Absent: there is no way in for an owner. */
  readonly adminToken: string | undefined;
  readonly now: Now;
  readonly isDraining: () => boolean;
  /** Whether the request comes from this very machine, with nothing between. */
  readonly isLocal: (request: IncomingMessage) => boolean;
  /** Absent: this server is the only one. */
  readonly nodes: () => NodesStatus | undefined;
  readonly rooms: () => Promise<readonly RoomReport[]>;
  /** False when nobody has this id. */
  readonly remove: (id: string) => Promise<boolean>;
  readonly drain: () => void;
}

/** Of wrong tokens of everybody together. */
const GUESSES: RateLimit = { burst: 20, perSecond: 1 };
const ADMIN_PATH = '/api/admin/';
const JSON_TYPE = 'application/json; charset=utf-8';

/** Puts the handler in front of another one, which gets what is not for it. */
export function createOperationsHandler(
  context: OperationsContext,
  otherwise: RequestListener,
): RequestListener {
  const guesses = new TokenBucket(GUESSES, context.now);
  const isAdmin = (request: IncomingMessage): boolean => isAuthorized(request, context.adminToken);
  return (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    switch (placeOf(path)) {
      case 'health':
        return sendJson(response, 200, { ok: true });
      case 'readiness':
        return sendReadiness(response, context);
      case 'metrics':
        if (context.isLocal(request) || isAdmin(request)) {
          return void sendMetrics(response, context.metrics);
        }
        break;
      case 'admin':
        if (isAdmin(request)) {
          return void sendAnswer(response, administer(request.method, path, context));
        }
        break;
      case 'elsewhere':
        return otherwise(request, response);
    }
    // Without a token of ours there is no door at all.
    if (context.adminToken === undefined) return otherwise(request, response);
    sendRefusal(response, guesses.take());
  };
}

type Place = 'health' | 'readiness' | 'metrics' | 'admin' | 'elsewhere';

const PLACES: ReadonlyMap<string, Place> = new Map<string, Place>([
  ['/healthz', 'health'],
  ['/readyz', 'readiness'],
  ['/metrics', 'metrics'],
]);

function placeOf(path: string): Place {
  return PLACES.get(path) ?? (path.startsWith(ADMIN_PATH) ? 'admin' : 'elsewhere');
}

type Answer = readonly [status: number, body: object];

/** Something the owner can do; `undefined` when there is no such room or person. */
interface Action {
  readonly method: string;
  readonly path: RegExp;
  readonly act: (context: OperationsContext, name: string) => Promise<Answer | undefined> | Answer;
}

const ACTIONS: readonly Action[] = [
  {
    method: 'GET',
    path: /^rooms$/,
    act: async ({ rooms }) => [200, { rooms: await rooms() }],
  },
  {
    method: 'GET',
    path: /^rooms\/([^/]+)$/,
    act: async (context, name) => {
      const room = await roomOf(context, name);
      return room && [200, room];
    },
  },
  {
    method: 'DELETE',
    path: /^rooms\/([^/]+)$/,
    act: async (context, name) => {
      const room = await roomOf(context, name);
      const removed = await Promise.all(room?.people.map(({ id }) => context.remove(id)) ?? []);
      return room && [200, { removed: removed.filter(Boolean).length }];
    },
  },
  {
    method: 'DELETE',
    path: /^people\/([^/]+)$/,
    act: async ({ remove }, id) => ((await remove(id)) ? [200, { removed: 1 }] : undefined),
  },
  {
    method: 'POST',
    path: /^drain$/,
    act: ({ drain }) => {
      drain();
      return [202, { draining: true }];
    },
  },
];

async function administer(
  method: string | undefined,
  path: string,
  context: OperationsContext,
): Promise<Answer> {
  const rest = path.slice(ADMIN_PATH.length);
  for (const action of ACTIONS) {
    const match = action.method === method ? action.path.exec(rest) : null;
    const answer = match && (await action.act(context, decode(match[1] ?? '')));
    if (answer) return answer;
  }
  return [404, { error: 'There is no such room, person or action.' }];
}

async function roomOf({ rooms }: OperationsContext, name: string): Promise<RoomReport | undefined> {
  return (await rooms()).find((room) => room.name === name);
}

async function sendAnswer(response: ServerResponse, answer: Promise<Answer>): Promise<void> {
  const [status, body] = await answer;
  sendJson(response, status, body);
}

function sendRefusal(response: ServerResponse, mayGuess: boolean): void {
  if (!mayGuess) return sendJson(response, 429, { error: 'Too many guesses.' });
  response.setHeader('WWW-Authenticate', 'Bearer');
  sendJson(response, 401, { error: 'Send "Authorization: Bearer" with the admin token.' });
}

function sendReadiness(
  response: ServerResponse,
  { isDraining, nodes }: Pick<OperationsContext, 'isDraining' | 'nodes'>,
): void {
  const isReady = !isDraining();
  const status = nodes();
  if (!isReady) response.setHeader('Retry-After', '5');
  sendJson(response, isReady ? 200 : 503, {
    ready: isReady,
    ...(status && { nodes: status.count, redis: status.isConnected ? 'connected' : 'away' }),
  });
}

async function sendMetrics(response: ServerResponse, metrics: Metrics): Promise<void> {
  const text = await metrics.read();
  response.writeHead(200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' });
  response.end(text);
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  const text = JSON.stringify(value);
  response.writeHead(status, {
    'Content-Type': JSON_TYPE,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  });
  response.end(text);
}

function isAuthorized({ headers }: IncomingMessage, token: string | undefined): boolean {
  const given = /^Bearer (?<token>\S+)$/.exec(headers.authorization ?? '')?.groups?.['token'];
  // Hashes have one length, so that the comparison tells nothing about it.
  return token !== undefined && given !== undefined && timingSafeEqual(hash(given), hash(token));
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
