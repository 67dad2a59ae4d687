/**
 * Looks at the page, and at the clock of the server.
 * @module
 */
import type { CheckupContext } from './checkup-context.ts';
import { within } from './checkup-context.ts';
import { finding } from './finding.ts';
import type { Finding } from './finding.ts';

const TIMEOUT_MS = 8000;
/** Credentials are good for an hour; more than this still breaks tokens and certificates. */
const MAX_CLOCK_ERROR_MS = 60_000;

/** What the page takes from the browser besides the context. */
export interface PageAccess {
  readonly fetch: (url: string, init: RequestInit) => Promise<Pick<Response, 'status' | 'headers'>>;
  /** Milliseconds since 1970. */
  readonly unixMs: () => number;
  readonly isSecure: boolean;
}

/** Whether browsers give this page camera and microphone. */
export function checkSecureContext({ isSecure }: PageAccess): Finding {
  return isSecure
    ? finding('secureContext', 'ok', 'secure')
    : finding('secureContext', 'fail', 'insecure');
}

/** Asks for the page once more, past every cache. */
export async function checkPage(
  context: CheckupContext,
  { fetch, unixMs }: PageAccess,
): Promise<readonly [page: Finding, clock: Finding]> {
  const startedAt = context.platform.now();
  const request = fetch(context.url, { cache: 'no-store', signal: context.signal });
  const response = await within(
    request.catch(() => undefined),
    TIMEOUT_MS,
    context,
  );
  if (response === undefined) {
    return [finding('page', 'fail', 'unreachable'), finding('clock', 'skip', 'clockUnknown')];
  }
  const ms = Math.round(context.platform.now() - startedAt);
  const page =
    response.status === 200
      ? finding('page', 'ok', 'answers', { ms })
      : finding('page', 'fail', 'badStatus', { status: response.status });
  return [page, judgeClock(response.headers.get('date'), unixMs())];
}

function judgeClock(date: string | null, now: number): Finding {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return finding('clock', 'skip', 'clockUnknown');
  const seconds = Math.round(Math.abs(theirs - now) / 1000);
  return Math.abs(theirs - now) <= MAX_CLOCK_ERROR_MS
    ? finding('clock', 'ok', 'clockAgrees', { seconds })
    : finding('clock', 'fail', 'clockDiffers', { seconds });
}
