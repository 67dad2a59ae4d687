/**
 * Sizes of files as people read them. Pure.
 * @module
 */
import type { AppTranslate } from '../i18n/message-key.ts';

/** Such as "1.4 MB". */
export function formatBytes(t: AppTranslate, bytes: number): string {
  if (bytes < 1000) return t('files.bytes', { size: bytes });
  if (bytes < 1_000_000) return t('files.kilobytes', { size: Math.round(bytes / 1000) });
  return t('files.megabytes', { size: Math.round(bytes / 100_000) / 10 });
}
