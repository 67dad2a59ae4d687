/**
 * The link to this call.
 * @module
 */

/** What to send to others: the address without what only this page was asked for. */
export function callLink(): string {
  const { origin, pathname, hash } = location;
  return origin + pathname + hash;
}
