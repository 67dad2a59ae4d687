/**
 * Which room a message is about that looks for a home: only some events do. Total.
 * @module
 */
import { parseRoomName } from '@parley/protocol';
import type { RoomName } from '@parley/protocol';
import type { SessionTokens } from '../membership/session-token.ts';

/** `undefined`: any node can answer. */
export function askedRoom(
  event: unknown,
  request: unknown,
  tokens: Pick<SessionTokens, 'read'>,
): RoomName | undefined {
  switch (event) {
    case 'join':
      return parseRoomName(typeof request === 'string' ? request : fieldOf(request, 'room'));
    case 'prepare':
      return parseRoomName(typeof request === 'string' ? request : fieldOf(request, 'room'));
    case 'resume': {
      const session = fieldOf(request, 'session');
      const claims = typeof session === 'string' ? tokens.read(session) : undefined;
      return claims?.ok === true ? claims.room : undefined;
    }
    default:
      return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
