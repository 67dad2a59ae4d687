/**
 * Which ICE servers a client is told to use, in which order. Pure: names and credentials in, a list
 * out. Rules: docs/SPEC-signaling.md, SIG-40 to SIG-44.
 * @see https://www.rfc-editor.org/rfc/rfc7065#section-3.1
 * @module
 */
import type { IceServer } from '@parley/protocol';
import { mintRestCredentials } from '@parley/turn';
import type { RelayMember } from './relay-access.ts';
import { roomKey } from './room-key.ts';

/** A TURN server of somebody else that shares a secret with us. */
export interface ExternalTurn {
  /** `turn:` and `turns:` URLs of one server, or of several with the same secret. */
  readonly urls: readonly string[];
  readonly secret: string;
}

/** Our own relay, as it is named to clients. */
export interface OwnRelay {
  readonly secret: string;
  /** TLS is spoken on the port. */
  readonly isSecure: boolean;
}

/** Everything there is to name. */
export interface IceServerPlan {
  readonly port: number;
  readonly ownRelay: OwnRelay | undefined;
  readonly externalTurn: ExternalTurn | undefined;
  /** Those of the owner's choice, named as they are. */
  readonly others: readonly IceServer[];
}

/** Someone who is to get credentials, and until when. */
export interface CredentialRequest extends RelayMember {
  readonly expiresAtSeconds: number;
}

/** The list for a client that has reached us under the name `host`; without `request`, no relays. */
export function nameIceServers(
  plan: IceServerPlan,
  host: string,
  request?: CredentialRequest,
): readonly IceServer[] {
  const stun: IceServer = { urls: [`stun:${host}:${plan.port}`] };
  const relays = request === undefined ? [] : nameRelays(plan, host, request);
  return [stun, ...relays, ...plan.others];
}

/** The key under which relays know `room`; `undefined` where there is no relay. */
export function relayRoom(plan: IceServerPlan, room: string): string | undefined {
  const secret = plan.ownRelay?.secret ?? plan.externalTurn?.secret;
  return secret === undefined ? undefined : roomKey(secret, room);
}

function* nameRelays(
  { port, ownRelay, externalTurn }: IceServerPlan,
  host: string,
  request: CredentialRequest,
): Iterable<IceServer> {
  if (ownRelay !== undefined) {
    const { secret, isSecure } = ownRelay;
    const address = `${host}:${port}`;
    const urls = [`turn:${address}?transport=udp`, `turn:${address}?transport=tcp`];
    if (isSecure) urls.push(`turns:${address}?transport=tcp`);
    yield { urls, ...mintRestCredentials({ ...request, secret }) };
  }
  if (externalTurn !== undefined) {
    const { secret, urls } = externalTurn;
    yield { urls: [...urls], ...mintRestCredentials({ ...request, secret }) };
  }
}
