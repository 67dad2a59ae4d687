/**
 * Which page an address names, and the address of a page. Pure: no history, no DOM.
 * @module
 */

/** Longest room name the server takes, in UTF-16 code units. */
const MAX_ROOM_NAME_LENGTH = 64;

/** Address of the test of connection and devices. */
export const TEST_PATH = '/test';

/** A page of the app. */
export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'room'; readonly room: string; readonly key: string | undefined }
  | { readonly page: 'test' }
  | { readonly page: 'unknown' };

/** The page that `pathname` names. The key of a room stands in `hash`; whether it is whole, the SDK says. */
export function parseRoute(pathname: string, hash = ''): Route {
  if (pathname === '/') return { page: 'home' };
  if (pathname === TEST_PATH || pathname === `${TEST_PATH}/`) return { page: 'test' };
  const encoded = /^\/r\/([^/]+)\/?$/u.exec(pathname)?.[1];
  const room = encoded === undefined ? undefined : decodeRoomName(encoded);
  if (room === undefined) return { page: 'unknown' };
  const key = new URLSearchParams(hash.slice(1)).get('k') ?? undefined;
  return { page: 'room', room, key };
}

/** The address of `room` below the origin. */
export function formatRoomPath(room: string): string {
  return `/r/${encodeURIComponent(room)}`;
}

/** The room name in `text` in the form the server knows it, or `undefined` when it cannot be one. */
export function parseRoomName(text: string): string | undefined {
  const name = text.normalize('NFC').trim();
  const isName = name !== '' && name.length <= MAX_ROOM_NAME_LENGTH && !/\p{C}/u.test(name);
  // A browser resolves these two as folders, even when they are percent-encoded.
  return isName && name !== '.' && name !== '..' ? name : undefined;
}

function decodeRoomName(encoded: string): string | undefined {
  try {
    return parseRoomName(decodeURIComponent(encoded));
  } catch {
    return undefined; // A stray percent sign.
  }
}
