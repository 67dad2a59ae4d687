/**
 * What sender and receiver of a file tell each other on the channel `parley:files`: JSON objects with a
 * `type` and the number of the transfer, which the sender counts.
 * Decoding is total: an untrusted value becomes a message or `undefined`.
 * @module
 */
import { isFileErrorCode } from './file-error.ts';
import type { FileErrorCode } from './file-error.ts';

/** From the sender: somebody wants to send a file. */
export interface OfferMessage {
  readonly type: 'offer';
  readonly id: number;
  readonly name: string;
  readonly mime: string;
  /** Bytes, where the sender knows. */
  readonly size: number | undefined;
}

/** All messages. */
export type FileMessage =
  | OfferMessage
  /** From the sender: it ends before its time. */
  | { readonly type: 'withdraw'; readonly id: number; readonly code: FileErrorCode }
  /** From the receiver: send. */
  | { readonly type: 'accept'; readonly id: number }
  /** From the receiver: so much has been stored, from the beginning. */
  | { readonly type: 'taken'; readonly id: number; readonly bytes: number }
  /** From the receiver: all is well, the checksum included. */
  | { readonly type: 'done'; readonly id: number }
  /** From the receiver: it ends before its time. */
  | { readonly type: 'refuse'; readonly id: number; readonly code: FileErrorCode };

const MAX_NAME_LENGTH = 255;
const MAX_MIME_LENGTH = 127;
/** What no file system wants in a name, and what makes a name look like another one. */
const UNWANTED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\/:*?"<>|]/gu;
/** Names that mean a folder, or nothing. */
const NO_NAME = /^[. ]*$/u;

/** Reads an untrusted value. */
export function decodeFileMessage(value: unknown): FileMessage | undefined {
  if (!isFields(value) || !isCount(value['id'])) return undefined;
  const { type, id, code, bytes } = value;
  switch (type) {
    case 'offer':
      return decodeOffer(value, id);
    case 'withdraw':
    case 'refuse':
      return { type, id, code: isFileErrorCode(code) ? code : 'ERR_FILE_CANCELLED' };
    case 'taken':
      return isCount(bytes) ? { type, id, bytes } : undefined;
    case 'accept':
    case 'done':
      return { type, id };
    default:
      return undefined;
  }
}

type Fields = Readonly<Partial<Record<string, unknown>>>;

function decodeOffer({ name, mime, size }: Fields, id: number): OfferMessage | undefined {
  if (typeof name !== 'string' || typeof mime !== 'string') return undefined;
  if (size !== undefined && !isCount(size)) return undefined;
  const cleanName = name.slice(0, MAX_NAME_LENGTH).replace(UNWANTED, '_');
  return {
    type: 'offer',
    id,
    name: NO_NAME.test(cleanName) ? 'file' : cleanName,
    mime: mime.slice(0, MAX_MIME_LENGTH),
    size,
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
