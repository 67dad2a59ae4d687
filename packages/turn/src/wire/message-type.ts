/**
 * STUN message type: 12 bits of method interleaved with 2 bits of class, below two zero bits.
 * Pure codec.
 * @see https://www.rfc-editor.org/rfc/rfc8489#section-5
 * @module
 */

/** Methods of RFC 8489 and RFC 8656. */
export const METHOD = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
} as const;

/** The four classes, as the two class bits read when put together. */
export const MESSAGE_CLASS = { request: 0, indication: 1, success: 2, error: 3 } as const;

/** One of the four message classes. */
export type MessageClass = (typeof MESSAGE_CLASS)[keyof typeof MESSAGE_CLASS];

const CLASSES = [0, 1, 2, 3] as const satisfies readonly MessageClass[];

/** Interleaves method and class: `M11..M7 C1 M6..M4 C0 M3..M0`. */
export function encodeMessageType(method: number, messageClass: MessageClass): number {
  return (
    (method & 0x00f) |
    ((messageClass & 1) << 4) |
    ((method & 0x070) << 1) |
    ((messageClass & 2) << 7) |
    ((method & 0xf80) << 2)
  );
}

/** The method of a message type. */
export function decodeMethod(type: number): number {
  return (type & 0x00f) | ((type >> 1) & 0x070) | ((type >> 2) & 0xf80);
}

/** The class of a message type. */
export function decodeMessageClass(type: number): MessageClass {
  return CLASSES[((type >> 4) & 1) | ((type >> 7) & 2)] ?? MESSAGE_CLASS.error;
}
