/**
 * Errors of file transfers. The code travels to the other side, the cause stays here.
 * @module
 */
import { ParleyError } from '@parley/protocol';

const MESSAGES = {
  ERR_FILE_CANCELLED: 'The other side has cancelled the transfer.',
  ERR_FILE_DAMAGED: 'What arrived is not what was sent. Send the file again.',
  ERR_FILE_READ: 'The file cannot be read. Choose it again.',
  ERR_FILE_REJECTED: 'The other side does not want this file.',
  ERR_FILE_SIZE: 'The file is larger than what is received into memory.',
  ERR_FILE_UNSUPPORTED: 'The page of the other side takes no files.',
  ERR_FILE_WRITE: 'The file cannot be stored where it was to be received.',
} as const;

/** Why a file was not transferred. Explained in docs/ERRORS.md. */
export type FileErrorCode = keyof typeof MESSAGES;

/** Builds the error for a code. */
export function fileError(code: FileErrorCode, cause?: unknown): ParleyError<FileErrorCode> {
  return new ParleyError(code, MESSAGES[code], cause === undefined ? undefined : { cause });
}

/** True for a code of this module; what the other side says may be anything. */
export function isFileErrorCode(value: unknown): value is FileErrorCode {
  return typeof value === 'string' && Object.hasOwn(MESSAGES, value);
}
