/**
 * Where an access token leads. Pure: whether the token is good, the server says.
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-3
 * @module
 */
import { decodeBase64url } from '../privacy/base64url.ts';

/** The only room that the token opens; `undefined`: any, or it is none that can be read. */
export function roomOfToken(token: string): string | undefined {
  const body = token.split('.', 2)[1] ?? '';
  try {
    const claims: unknown = JSON.parse(new TextDecoder().decode(decodeBase64url(body)));
    const isObject = typeof claims === 'object' && claims !== null;
    return isObject && 'room' in claims && typeof claims.room === 'string'
      ? claims.room
      : undefined;
  } catch {
    return undefined;
  }
}
