/**
 * Sizes that both ends of a channel keep to.
 * @module
 */

/** Payload of one frame. Bigger ones would hold up other channels of the connection. */
export const MAX_PAYLOAD_BYTES: number = 16 * 1024;

/** Longest channel name in UTF-8. */
export const MAX_NAME_BYTES = 255;

/** Largest message, and most that may wait; a sender that awaits its promises never gets there. */
export const MAX_QUEUED_BYTES: number = 16 * 1024 * 1024;
