/**
 * IP addresses as text, and back. The only place where an address is a string.
 * Pure: no sockets, no name lookups.
 * @see https://www.rfc-editor.org/rfc/rfc5952
 * @module
 */
import { isIPv4, isIPv6 } from 'node:net';
import { emptyAddress } from './transport-address.ts';
import type { TransportAddress } from './transport-address.ts';

/**
 * Fills `target` from a literal IP address, or returns false and leaves it alone. A zone
 * (`fe80::1%eth0`) is dropped: it means nothing beyond this machine.
 */
export function readAddressText(text: string, port: number, target: TransportAddress): boolean {
  if (isIPv4(text)) {
    target.family = 4;
    target.word0 = target.word1 = target.word2 = 0;
    target.word3 = ipv4Word(text);
  } else if (isIPv6(text)) {
    const groups = ipv6Groups(text.split('%', 1)[0] ?? '');
    target.family = 6;
    target.word0 = joinGroups(groups, 0);
    target.word1 = joinGroups(groups, 2);
    target.word2 = joinGroups(groups, 4);
    target.word3 = joinGroups(groups, 6);
  } else {
    return false;
  }
  target.port = port;
  return true;
}

/** The transport address of a literal IP and a port, or `undefined` when `text` is not an IP. */
export function parseAddress(text: string, port: number): TransportAddress | undefined {
  const address = emptyAddress();
  return readAddressText(text, port, address) ? address : undefined;
}

/** The IP address alone: `192.0.2.1`, `2001:db8::1`. */
export function formatIp(address: TransportAddress): string {
  return address.family === 4 ? formatIpv4(address.word3) : formatIpv6(address);
}

/** IP address and port: `192.0.2.1:3478`, `[2001:db8::1]:3478`. */
export function formatAddress(address: TransportAddress): string {
  const ip = formatIp(address);
  return address.family === 4 ? `${ip}:${address.port}` : `[${ip}]:${address.port}`;
}

function ipv4Word(text: string): number {
  let word = 0;
  for (const part of text.split('.')) word = word * 256 + Number(part);
  return word;
}

function formatIpv4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 0xff}.${(word >>> 8) & 0xff}.${word & 0xff}`;
}

/** The eight 16-bit groups of a valid IPv6 literal; a dotted tail counts as two. */
function ipv6Groups(text: string): number[] {
  const [head = '', tail] = text.split('::');
  const front = groupsOf(head);
  if (tail === undefined) return front;
  const back = groupsOf(tail);
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => 0);
  return [...front, ...zeros, ...back];
}

function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const word = ipv4Word(group);
    return [word >>> 16, word & 0xffff];
  });
}

function joinGroups(groups: readonly number[], index: number): number {
  return (((groups[index] ?? 0) << 16) | (groups[index + 1] ?? 0)) >>> 0;
}

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::`. */
function formatIpv6({ word0, word1, word2, word3 }: TransportAddress): string {
  const groups = [word0, word1, word2, word3].flatMap((word) => [word >>> 16, word & 0xffff]);
  const run = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (run.length < 2) return hex.join(':');
  return `${hex.slice(0, run.start).join(':')}::${hex.slice(run.start + run.length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) best = { start: index - length + 1, length };
  }
  return best;
}
