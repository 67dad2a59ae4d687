/**
 * A connection in one plain sentence. Pure.
 * @module
 */
import type { LinkSnapshot } from '@parley/client';
import type { AppTranslate, MessageKey } from '../i18n/message-key.ts';

const PATHS: Readonly<Record<NonNullable<LinkSnapshot['path']>, MessageKey>> = {
  host: 'link.path.host',
  srflx: 'link.path.srflx',
  'relay-udp': 'link.path.relayUdp',
  'relay-tcp': 'link.path.relayTcp',
  'relay-tls': 'link.path.relayTls',
};

/** What a person can do something about. */
const LIMITS: Readonly<Partial<Record<LinkSnapshot['limitedBy'], MessageKey>>> = {
  bandwidth: 'link.limit.bandwidth',
  cpu: 'link.limit.cpu',
};

/**
 * Such as "relayed over TLS, 1.2 Mbit/s, 48 ms", and what holds our picture back. What is not known is
 * left away.
 */
export function linkSentence(
  t: AppTranslate,
  { path, rttMs, limitedBy }: Pick<LinkSnapshot, 'path' | 'rttMs' | 'limitedBy'>,
  bitrate?: number,
): string {
  if (path === undefined) return t('link.unknown');
  const parts = [t(PATHS[path])];
  if (bitrate !== undefined) parts.push(formatBitrate(t, bitrate));
  if (rttMs !== undefined) parts.push(t('link.rtt', { ms: Math.round(rttMs) }));
  const limit = LIMITS[limitedBy];
  if (limit !== undefined) parts.push(t(limit));
  return parts.join(', ');
}

/** Bits per second as people read them. */
export function formatBitrate(t: AppTranslate, bitrate: number): string {
  return bitrate < 1_000_000
    ? t('link.kilobits', { rate: Math.round(bitrate / 1000) })
    : t('link.megabits', { rate: Math.round(bitrate / 100_000) / 10 });
}
