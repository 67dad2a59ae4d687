/**
 * Limits both sides know, so that a client can refuse early what the server would refuse anyway.
 * @module
 */

/** Largest payload of one `offer`, `answer` or `icecandidate`, measured as JSON text. */
export const MAX_PAYLOAD_BYTES: number = 64 * 1024;

/** Deepest nesting of a payload. A session description needs 1; the rest is room to grow. */
export const MAX_PAYLOAD_DEPTH: number = 8;

/** Longest room name in UTF-16 code units, after trimming and NFC normalisation. */
export const MAX_ROOM_NAME_LENGTH: number = 64;

/** Longest display name in UTF-16 code units; a longer one is cut, not refused. */
export const MAX_DISPLAY_NAME_LENGTH: number = 64;

/** People per room unless the server's owner says otherwise. Mesh calls melt beyond it. */
export const DEFAULT_MAX_PEERS_PER_ROOM: number = 12;

/** Longest session token in characters; an honest one is shorter. */
export const MAX_SESSION_LENGTH: number = 1024;

/** How long the place of somebody whose connection broke is kept, unless the server's owner says otherwise. */
export const DEFAULT_RESUME_GRACE_MS: number = 30_000;

/** Longest passcode of a room in UTF-16 code units. */
export const MAX_PASSCODE_LENGTH: number = 64;

/** Shortest passcode that a host may set. */
export const MIN_PASSCODE_LENGTH: number = 4;

/** Longest access token (a JWT of an application or an OIDC provider) in characters. */
export const MAX_TOKEN_LENGTH: number = 8192;
