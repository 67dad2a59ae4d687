/**
 * Moves this process between networks. A process has one network for what it opens next, while what is
 * already open stays where it was opened; that is how one process gets a foot in two networks. Needs
 * the optional package `koffi`.
 * @see https://man7.org/linux/man-pages/man2/setns.2.html
 * @module
 */
import { closeSync, openSync } from 'node:fs';
import type Koffi from 'koffi';

/** Where `ip netns` keeps its names. */
const NAMESPACES = '/run/netns';
const OWN_NAMESPACE = '/proc/self/ns/net';
const CLONE_NEWNET = 0x4000_0000;

/** The one call of libc that is needed. */
export interface NamespaceLibc {
  setns(fd: number, type: number): number;
  errno(): number;
}

/** The call of this machine's libc. @throws when koffi is not installed */
export async function loadNamespaceLibc(): Promise<NamespaceLibc> {
  const { default: koffi } = await import('koffi');
  return declareNamespaceLibc(koffi);
}

/** The same for those who have loaded koffi already. */
export function declareNamespaceLibc(koffi: typeof Koffi): NamespaceLibc {
  const library = koffi.load(null);
  return {
    setns: library.func('setns', 'int', ['int', 'int']),
    errno: () => koffi.errno(),
  };
}

/** Moves for good: what is opened from now on, and every child process, is in that network. */
export function enterNamespace(libc: NamespaceLibc, name: string): void {
  const fd = openSync(`${NAMESPACES}/${name}`, 'r');
  try {
    move(libc, fd);
  } finally {
    closeSync(fd);
  }
}

/** Opens something in another network and comes back. What is opened has to be open on return. */
export function inNamespace<Result>(libc: NamespaceLibc, name: string, open: () => Result): Result {
  const own = openSync(OWN_NAMESPACE, 'r');
  try {
    enterNamespace(libc, name);
    return open();
  } finally {
    move(libc, own);
    closeSync(own);
  }
}

function move(libc: NamespaceLibc, fd: number): void {
  if (libc.setns(fd, CLONE_NEWNET) !== 0) throw new Error(`setns failed, errno ${libc.errno()}`);
}
