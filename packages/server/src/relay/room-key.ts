/**
 * What stands for a room in the user names of relays. Pure.
 * @module
 */
import { createHmac } from 'node:crypto';

/**
 * Equal for equal rooms. User names travel in the clear, and who knows the name of a room can walk
 * in: without the secret nobody can confirm a guess.
 */
export function roomKey(secret: string, room: string): string {
  return createHmac('sha256', secret).update('parley room\n').update(room).digest('base64url');
}
