/**
 * What a browser does with the ICE servers it is told: one TURN client for one of their URLs.
 * @module
 */
import type { IceServer } from '@parley/protocol';
import { openLink, ThreadClient } from '../../turn/test/thread-client.ts';
import type { LinkKind } from '../../turn/test/thread-client.ts';

const TURN_URL = /^(?<scheme>turns?):127\.0\.0\.1:(?<port>\d+)\?transport=(?<transport>udp|tcp)$/;

/** How the URL of a relay is to be reached. */
export function linkOf(url: string): { readonly kind: LinkKind; readonly port: number } {
  const { scheme, port, transport } = TURN_URL.exec(url)?.groups ?? {};
  if (port === undefined) throw new Error(`no TURN URL of this machine: ${url}`);
  if (transport === 'udp') return { kind: 'udp', port: Number(port) };
  return { kind: scheme === 'turns' ? 'tls' : 'tcp', port: Number(port) };
}

/** The one relay in the list. */
export function relayOf(iceServers: readonly IceServer[]): Required<IceServer> {
  const relays = iceServers.filter(({ username }) => username !== undefined);
  const [relay] = relays;
  if (relays.length !== 1 || relay?.username === undefined || relay.credential === undefined) {
    throw new Error(`${relays.length} relays, wanted one with credentials`);
  }
  return { urls: relay.urls, username: relay.username, credential: relay.credential };
}

/** A client with the credentials of the relay in this list, connected as `kind` says. */
export async function openRelayClient(
  iceServers: readonly IceServer[],
  kind: LinkKind,
): Promise<{ readonly turn: ThreadClient; readonly close: () => void }> {
  const { urls, username, credential } = relayOf(iceServers);
  const port = urls.map(linkOf).find((link) => link.kind === kind)?.port;
  if (port === undefined) throw new Error(`no relay over ${kind} in ${urls.join(' ')}`);
  const link = await openLink(kind, port);
  return {
    turn: new ThreadClient(link, { username, password: credential }),
    close: () => link.close(),
  };
}
