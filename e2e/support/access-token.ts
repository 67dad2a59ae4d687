/**
 * Access tokens as an application makes them, good ones and bad ones.
 * @module
 */
import { createHmac } from 'node:crypto';

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Seconds since 1970. */
export function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

/** Signed with the key that the application shares with the server (HS256). */
export function signToken(secret: string, claims: object): string {
  const text = `${encode({ alg: 'HS256' })}.${encode(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** Made by the server at this address, for an application that has the key. */
export async function mintToken(url: string, apiKey: string, wanted: object): Promise<string> {
  const response = await fetch(`${url}/api/tokens`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiKey}` },
    body: JSON.stringify(wanted),
  });
  const { token }: { token: string } = Object(await response.json());
  return token;
}

/** Says of itself that it needs no signature. */
export function unsignedToken(claims: object): string {
  return `${encode({ alg: 'none' })}.${encode(claims)}.`;
}
