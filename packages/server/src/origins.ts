/**
 * Which pages may use this server: our own, and those of origins that the owner named. Programs that are
 * no browsers send no Origin and are let in: a header cannot keep them out.
 * @see https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

type HostHeaderOf = (request: IncomingMessage) => string | undefined;

/** Files that pages of other origins load: the SDK. */
const SHARED = /^\/sdk\//;
/** What pages load that have calls in a frame. */
const EMBED = /^\/embed\.js(?:$|\?)/;

/** Who is named. */
export interface OriginsOptions {
  /** Whose pages may use the server; `*`: all. */
  readonly allowed: readonly string[];
  /** Whose pages may have calls in a frame; `*`: all. @default none */
  readonly embeds?: readonly string[];
  readonly hostHeaderOf: HostHeaderOf;
}

/** The origins of one server. */
export class Origins {
  readonly #allowed: ReadonlySet<string>;
  readonly #embeds: ReadonlySet<string>;
  readonly #hostHeaderOf: HostHeaderOf;

  constructor({ allowed, embeds = [], hostHeaderOf }: OriginsOptions) {
    this.#allowed = new Set(allowed);
    this.#embeds = new Set(embeds);
    this.#hostHeaderOf = hostHeaderOf;
  }

  /** Whether a page there may talk to us. */
  allows(request: IncomingMessage): boolean {
    const { origin } = request.headers;
    return origin === undefined || this.#isNamed(origin) || this.#isOwn(origin, request);
  }

  /** Lets pages of allowed origins read the answer. */
  permit(request: IncomingMessage, response: ServerResponse): void {
    const { origin } = request.headers;
    const isEmbed = this.#embeds.size > 0 && EMBED.test(request.url ?? '');
    const isShared = SHARED.test(request.url ?? '');
    // A plain <script> tells no origin.
    if (isEmbed) response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    if (origin === undefined) return;
    if (!this.#isNamed(origin) && !(isEmbed && names(this.#embeds, origin))) return;
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Vary', 'Origin');
    if (isShared) response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  }

  #isNamed(origin: string): boolean {
    return names(this.#allowed, origin);
  }

  #isOwn(origin: string, request: IncomingMessage): boolean {
    const host = this.#hostHeaderOf(request);
    if (host === undefined || !URL.canParse(origin)) return false;
    const { protocol, host: theirs } = new URL(origin);
    // A port that is the usual one of the scheme may be spelled out in one of them only.
    const own = `${protocol}//${host}`;
    return URL.canParse(own) && new URL(own).host === theirs;
  }
}

function names(origins: ReadonlySet<string>, origin: string): boolean {
  return origins.has(origin) || origins.has('*');
}
