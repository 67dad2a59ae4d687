/**
 * What people are told who are not let in. Each sentence is a constant: nothing in it depends on what
 * is behind the door.
 * @module
 */
import { refuse } from '@parley/protocol';
import type { Refused } from '@parley/protocol';

export const LOCKED: Refused = refuse(
  'ERR_ROOM_LOCKED',
  'The room is locked. Ask somebody inside to unlock it, then try again.',
);
export const PASSCODE_WANTED: Refused = refuse(
  'ERR_PASSCODE_WANTED',
  'The room has a passcode. Join with {room, passcode}.',
);
export const PASSCODE_WRONG: Refused = refuse(
  'ERR_PASSCODE_WRONG',
  'This is not the passcode of the room. Ask for it again.',
);
export const KNOCK_WAITING: Refused = refuse(
  'ERR_KNOCK_WAITING',
  'You have knocked. Wait for the event knocked, then join again.',
);
export const ENTRY_REFUSED: Refused = refuse(
  'ERR_ENTRY_REFUSED',
  'The host does not let you into this room.',
);
export const NOT_HOST: Refused = refuse('ERR_NOT_HOST', 'Only a host of the room can do this.');
export const TOO_MANY_TRIES: Refused = refuse(
  'ERR_RATE_LIMIT',
  'Too many tries at this door. Wait a minute, then try again.',
);
export const ROOM_FULL: Refused = refuse(
  'ERR_ROOM_FULL',
  'The room is full. Try again when somebody has left, or choose another room.',
);
export const PEER_UNKNOWN: Refused = refuse(
  'ERR_PEER_UNKNOWN',
  'Nobody else with this id is in the room. They may have left.',
);
export const SERVER_FULL: Refused = refuse(
  'ERR_SERVER_FULL',
  'This server has as many rooms as it may. Try again later.',
);
