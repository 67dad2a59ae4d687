/**
 * The word on a tile while its person cannot be seen and heard as they should. Pure.
 * @module
 */
import type { RemotePeerSnapshot } from '@parley/client';
import type { MessageKey } from '../i18n/message-key.ts';

/** What to say about a connection; nothing while it is fine. */
export function peerStatus(state: RemotePeerSnapshot['state']): MessageKey | undefined {
  switch (state) {
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
