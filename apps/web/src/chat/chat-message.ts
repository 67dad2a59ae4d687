/**
 * What a chat message is, and how much of what others send is taken for one. Pure.
 * @module
 */

/** One message. */
export interface ChatMessage {
  /** Chosen by who wrote it; the same message may come twice, from them and as history. */
  readonly id: string;
  /** When it was written, by the clock of who wrote it: milliseconds since 1970. */
  readonly at: number;
  /** Who wrote it, as they called themselves. Untrusted text. */
  readonly name: string;
  /** Untrusted text. */
  readonly text: string;
}

/** Longest message, in UTF-16 code units. */
export const MAX_TEXT_LENGTH = 4000;
/** How many messages are kept, and handed to those who come late. */
export const MAX_MESSAGES = 300;
const MAX_NAME_LENGTH = 64;
const MAX_ID_LENGTH = 64;

/** The message in `data`, or `undefined`. Never throws. */
export function parseMessage(data: unknown): ChatMessage | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const id = readText(data, 'id', MAX_ID_LENGTH);
  const name = readText(data, 'name', MAX_NAME_LENGTH);
  const text = readText(data, 'text', MAX_TEXT_LENGTH);
  const at: unknown = Reflect.get(data, 'at');
  if (typeof at !== 'number' || !Number.isFinite(at)) return undefined;
  if (!id || name === undefined || !text?.trim()) return undefined;
  return { id, at, name, text };
}

/** The messages in an answer to the question for history. Never throws. */
export function parseHistory(data: unknown): readonly ChatMessage[] {
  if (!Array.isArray(data)) return [];
  return data.slice(-MAX_MESSAGES).flatMap((entry) => parseMessage(entry) ?? []);
}

/** Both lists in the order of writing, each message once, the oldest ones dropped when it is too many. */
export function mergeMessages(
  known: readonly ChatMessage[],
  more: readonly ChatMessage[],
): readonly ChatMessage[] {
  const ids = new Set(known.map(({ id }) => id));
  const fresh = more.filter(({ id }) => !ids.has(id) && ids.add(id));
  if (fresh.length === 0) return known;
  return [...known, ...fresh].toSorted((one, other) => one.at - other.at).slice(-MAX_MESSAGES);
}

function readText(data: object, member: string, maxLength: number): string | undefined {
  const value: unknown = Reflect.get(data, member);
  return typeof value === 'string' && value.length <= maxLength ? value : undefined;
}
