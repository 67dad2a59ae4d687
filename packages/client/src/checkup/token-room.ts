/**
 * Where an access token leads. Pure: whether the token is good, the server says.
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-3
 * @module
 */

/** The only room that the token opens; `undefined`: any, or it is none that can be read. */
export function roomOfToken(token: string): string | undefined {
  const body = token.split('.', 2)[1] ?? '';
  try {
    const bytes = atob(body.replaceAll('-', '+').replaceAll('_', '/'));
    const text = new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
    const claims: unknown = JSON.parse(text);
    const isObject = typeof claims === 'object' && claims !== null;
    return isObject && 'room' in claims && typeof claims.room === 'string'
      ? claims.room
      : undefined;
  } catch {
    return undefined;
  }
}
