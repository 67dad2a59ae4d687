/**
 * Options of access tokens.
 * @module
 */

/** Who may make access tokens. One of `secret` and `jwksUrl` is needed, both may be given. */
export interface AuthOptions {
  /** Key of at least 32 characters that the application signs with (HS256). */
  readonly secret?: string;
  /** Where an identity provider publishes its public keys. */
  readonly jwksUrl?: string;
  /** What `iss` must be. @default anything */
  readonly issuer?: string;
  /** What `aud` must have in it. @default anything */
  readonly audience?: string;
  /** False: who has no token comes in like before, through the door. @default true */
  readonly required?: boolean;
  /** Opens `POST /api/tokens`; needs `secret`. @default no such address */
  readonly apiKey?: string;
  /** Whoever shows no newer token is sent out so many seconds after theirs has ended, 0 to 3600. @default 30 */
  readonly graceSeconds?: number;
}

/** Of {@link AuthOptions.graceSeconds}. */
export const DEFAULT_TOKEN_GRACE_SECONDS = 30;
const MAX_TOKEN_GRACE_SECONDS = 3600;

type Check = (holds: boolean, message: string) => void;

/** Of what signs or opens: 128 random bits as hexadecimal text. */
const MIN_KEY_LENGTH = 32;
const VISIBLE_ASCII = /^[\x21-\x7e]*$/;

/** Checks each value for itself, as far as it is given. */
export function checkAuthOptions(
  { secret, jwksUrl, apiKey, graceSeconds = 0 }: AuthOptions,
  check: Check,
): void {
  check(
    Number.isInteger(graceSeconds) && graceSeconds >= 0 && graceSeconds <= MAX_TOKEN_GRACE_SECONDS,
    `auth.graceSeconds must be 0 to ${MAX_TOKEN_GRACE_SECONDS}, got ${graceSeconds}`,
  );
  for (const [name, key] of Object.entries({ secret, apiKey })) {
    check(
      key === undefined || key.length >= MIN_KEY_LENGTH,
      `auth.${name} must have at least ${MIN_KEY_LENGTH} characters`,
    );
  }
  check(
    VISIBLE_ASCII.test(apiKey ?? ''),
    'auth.apiKey must be visible ASCII characters without spaces',
  );
  check(
    jwksUrl === undefined || isWebAddress(jwksUrl),
    `auth.jwksUrl must be an http or https address, got "${jwksUrl}"`,
  );
}

/** Checks what belongs together. */
export function checkAuthTogether({ secret, jwksUrl, apiKey }: AuthOptions, check: Check): void {
  check(
    secret !== undefined || jwksUrl !== undefined,
    'auth needs a key to read access tokens with: give auth.secret (PARLEY_AUTH_SECRET) or ' +
      'auth.jwksUrl (--auth-jwks)',
  );
  check(
    apiKey === undefined || secret !== undefined,
    'auth.apiKey (PARLEY_API_KEY) makes tokens with auth.secret (PARLEY_AUTH_SECRET): give both',
  );
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
