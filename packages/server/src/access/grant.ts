/**
 * What an access token of an application allows its bearer.
 * @module
 */
import { isRole } from '@parley/protocol';
import type { Role } from '@parley/protocol';

/** A token that was accepted. */
export interface Grant {
  /** Absent: like everybody else. */
  readonly standing: Role | undefined;
  /** In seconds since 1970. */
  readonly endsAtSeconds: number;
  /** Stands for the token; it cannot be made into one. */
  readonly tokenKey: string;
  /** Stands for the person the token is for; empty when it does not say. */
  readonly subjectKey: string;
}

/** The short form in a session token. */
export function packGrant({ standing, endsAtSeconds, tokenKey, subjectKey }: Grant): unknown {
  return [standing ?? '', endsAtSeconds, tokenKey, subjectKey];
}

/** Reads what {@link packGrant} wrote; `undefined` when it is anything else. */
export function unpackGrant(value: unknown): Grant | undefined {
  if (!Array.isArray(value)) return undefined;
  const [standing, endsAtSeconds, tokenKey, subjectKey]: readonly unknown[] = value;
  if (typeof endsAtSeconds !== 'number' || typeof tokenKey !== 'string') return undefined;
  if (typeof subjectKey !== 'string') return undefined;
  return { standing: isRole(standing) ? standing : undefined, endsAtSeconds, tokenKey, subjectKey };
}
