/**
 * `parley doctor`: looks at a server from outside, as a caller would, and names the one fix for each
 * thing that does not work.
 * @module
 */
import { skipped } from './check.ts';
import type { Check } from './check.ts';
import { checkCertificate, checkPage, checkSecureContext } from './page-checks.ts';
import { checkRelays } from './relay-checks.ts';
import { enterGuests } from './signaling-checks.ts';

/** What a look needs. */
export interface DoctorOptions {
  /** Address of the page. */
  readonly url: URL;
  /** Access token to show, for a server that asks for one. @default none */
  readonly token?: string;
  /** Milliseconds since 1970. @default that of this computer */
  readonly now?: () => number;
  /** Authorities to trust in place of those of the system, as PEM. @default those of the system */
  readonly authorities?: string;
  /** How long the relay has for each answer. @default 3000 */
  readonly timeoutMs?: number;
}

/** Everything that was found, in the order of the table. */
export async function examine(options: DoctorOptions): Promise<readonly Check[]> {
  const { url, token, now = Date.now, authorities, timeoutMs } = options;
  const context = { url, now, authorities };
  const { checks, answers } = await checkPage(context);
  const outer = [...checks, checkSecureContext(url), await checkCertificate(context)];
  if (!answers) {
    return [...outer, ...['websocket', 'polling', 'relay'].map((name) => skipped(name, 'no page'))];
  }
  const guests = await enterGuests(url, token);
  try {
    const relays = await checkRelays({
      guests: guests.iceServers,
      authorities,
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
    return [...outer, ...guests.checks, ...relays];
  } finally {
    guests.close();
  }
}
