/**
 * The word on a tile while its person cannot be seen and heard as they should. Pure.
 * @module
 */
import type { LinkSnapshot, PrivacyErrorCode, RemotePeerSnapshot } from '@parley/client';
import type { MessageKey } from '../i18n/message-key.ts';

/** Keys that do not fit. */
const KEY_PROBLEMS: Partial<Record<PrivacyErrorCode, MessageKey>> = {
  ERR_SIGNAL_SEALED: 'call.state.locked',
  ERR_SIGNAL_UNSEALED: 'call.state.noKey',
  ERR_SEAL_BROKEN: 'call.state.otherKey',
};

type Connection = Pick<RemotePeerSnapshot, 'state' | 'refusal'>;

/** What to say about a connection, and what is tried for it; nothing while it is fine. */
export function peerStatus(
  { state, refusal }: Connection,
  link?: LinkSnapshot['state'],
): MessageKey | undefined {
  const problem = state === 'connecting' && refusal && KEY_PROBLEMS[refusal.code];
  if (problem) return problem;
  switch (link === 'lost' ? 'failed' : state) {
    case 'connecting':
      return 'call.state.connecting';
    case 'disconnected':
      return 'call.state.disconnected';
    case 'failed':
      return 'call.state.failed';
    case 'connected':
    case 'closed':
      return undefined;
  }
}

/**
 * What to read out about one person, given each status in turn. A first connection is no news; somebody
 * who leaves is not "connected again".
 */
export function statusNews(): (
  status: MessageKey | undefined,
  isConnected: boolean,
) => MessageKey | undefined {
  let told: MessageKey | undefined;
  return (status, isConnected) => {
    if (status === told || status === 'call.state.connecting') return undefined;
    if (status === undefined && !isConnected) return undefined;
    told = status;
    return status ?? 'announce.reconnected';
  };
}
