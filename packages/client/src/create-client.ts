/**
 * Puts a client together for the browser.
 * @module
 */
import { ParleyClient } from './client.ts';
import type { Client } from './client.ts';
import { resolveClientOptions } from './client-options.ts';
import type { ClientOptions } from './client-options.ts';
import { lazily } from './lazily.ts';
import { followNetwork } from './peer/network-events.ts';
import { BROWSER_PLATFORM } from './platform.ts';
import { SocketIoSignaling } from './signaling/socket-io-signaling.ts';

/**
 * Creates a client. Nothing is opened or asked for before it is used.
 * @throws {ParleyError} `ERR_OPTIONS`
 */
export function createClient(options: ClientOptions = {}): Client {
  const resolved = resolveClientOptions(options);
  const { url, logger } = resolved;
  const { setTimer } = BROWSER_PLATFORM;
  const { auth, signaling } = options;
  const access =
    auth === undefined
      ? undefined
      : lazily(async () => {
          const { AccessToken } = await import('./door/access-token.ts');
          return new AccessToken({ auth, setTimer, logger });
        });
  return new ParleyClient({
    options: resolved,
    platform: BROWSER_PLATFORM,
    openSignaling:
      signaling ??
      (() => new SocketIoSignaling({ url, setTimer, logger, onWake: followNetwork, access })),
  });
}
