/**
 * Opens and binds a UDP socket with plain system calls; failures look like Node's own.
 * @module
 */
import { getSystemErrorName } from 'node:util';
import type { UdpBindOptions } from '../../engine/packet-socket.ts';
import { parseAddress } from '../../wire/address-text.ts';
import { emptyAddress } from '../../wire/transport-address.ts';
import type { TransportAddress } from '../../wire/transport-address.ts';
import type { Libc } from './libc.ts';
import {
  AF_INET,
  AF_INET6,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  SOCKADDR,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOL_SOCKET,
  SO_RCVBUF,
  SO_REUSEPORT,
  SO_SNDBUF,
} from './linux-abi.ts';
import type { NativeWords } from './native-memory.ts';
import { readSockaddr, writeSockaddr } from './sockaddr.ts';

/** Asked of the system for each socket; it may grant less. Absorbs bursts of video frames. */
const SOCKET_BUFFER_BYTES = 2 * 1024 * 1024;

/** Words of {@link OpenUdpOptions.scratch}: a socket address and a length. */
export const SCRATCH_WORDS: number = SOCKADDR.words + 1;

/** What to open. */
export interface OpenUdpOptions extends Pick<UdpBindOptions, 'host' | 'port' | 'family'> {
  readonly reusePort: boolean;
  /** Memory for the arguments. The caller keeps it, so that it cannot be collected during a call. */
  readonly scratch: NativeWords;
}

/** @throws Node's kind of error, with `code`, `errno`, `syscall`, `address` and `port`. */
export function openUdpSocket(
  libc: Libc,
  options: OpenUdpOptions,
): { fd: number; local: TransportAddress } {
  const address = parseAddress(options.host, options.port);
  if (address === undefined || address.family !== options.family) {
    throw new TypeError(`host must be a literal IPv${options.family} address: ${options.host}`);
  }
  const domain = options.family === 4 ? AF_INET : AF_INET6;
  const fd = libc.socket(domain, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) throw systemError(libc, 'socket', options);
  setOptions(libc, fd, options);
  const length = writeSockaddr(options.scratch.words, 0, address);
  if (libc.bind(fd, options.scratch.address, length) !== 0) {
    const error = systemError(libc, 'bind', options);
    libc.close(fd);
    throw error;
  }
  return { fd, local: localAddress(libc, fd, options.scratch) };
}

/** The failure of the latest call as Node would report it. */
export function systemError(
  libc: Libc,
  syscall: string,
  { host, port }: Pick<UdpBindOptions, 'host' | 'port'>,
): NodeJS.ErrnoException {
  const errno = -libc.errno();
  const code = getSystemErrorName(errno);
  const error = new Error(`${syscall} ${code} ${host}:${port}`);
  return Object.assign(error, { code, errno, syscall, address: host, port });
}

/** Best effort but for IPv6-only, which `bind` would reveal by taking the IPv4 port as well. */
function setOptions(libc: Libc, fd: number, options: OpenUdpOptions): void {
  const { family, reusePort, scratch } = options;
  const set = (level: number, name: number, word: number): void => {
    scratch.words[0] = word;
    libc.setsockopt(fd, level, name, scratch.address, 4);
  };
  set(SOL_SOCKET, SO_RCVBUF, SOCKET_BUFFER_BYTES);
  set(SOL_SOCKET, SO_SNDBUF, SOCKET_BUFFER_BYTES);
  if (reusePort) set(SOL_SOCKET, SO_REUSEPORT, 1);
  if (family === 6) set(IPPROTO_IPV6, IPV6_V6ONLY, 1);
}

function localAddress(libc: Libc, fd: number, scratch: NativeWords): TransportAddress {
  scratch.words[SOCKADDR.words] = SOCKADDR.ipv6Bytes;
  libc.getsockname(fd, scratch.address, scratch.address + SOCKADDR.words * 4);
  const local = emptyAddress();
  readSockaddr(scratch.words, 0, local);
  return local;
}
