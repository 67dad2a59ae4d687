/**
 * What a person types or pastes to enter a call: a room name, or a link to a room. Pure.
 * @module
 */
import { formatRoomPath, parseRoomName, parseRoute } from '../route/route.ts';

/** Where the input leads: a page of this server, a room of another one, or nowhere. */
export type Destination =
  | { readonly kind: 'here'; readonly path: string }
  | { readonly kind: 'elsewhere'; readonly url: string }
  | { readonly kind: 'nowhere' };

/** Where `text` leads from a page of `origin`. The fragment of a link is kept: it may hold a key. */
export function parseRoomInput(text: string, origin: string): Destination {
  const link = readLink(text.trim(), new URL(origin));
  if (link === undefined) {
    const room = parseRoomName(text);
    return room === undefined ? { kind: 'nowhere' } : { kind: 'here', path: formatRoomPath(room) };
  }
  if (!URL.canParse(link)) return { kind: 'nowhere' };
  const url = new URL(link);
  if (parseRoute(url.pathname).page !== 'room') return { kind: 'nowhere' };
  if (url.origin === origin) return { kind: 'here', path: `${url.pathname}${url.hash}` };
  return { kind: 'elsewhere', url: url.href };
}

/** Takes `https://host/...` and, as some address bars show it, `host/...` of the host we are on. */
function readLink(text: string, page: URL): string | undefined {
  if (/^https?:\/\//iu.test(text)) return text;
  return text.startsWith(`${page.host}/`) ? `${page.protocol}//${text}` : undefined;
}
