/**
 * Constants and structure layouts of the Linux system calls the batch back end makes, for 64-bit
 * little-endian machines (x64 and arm64; glibc and musl agree). A test compares the layouts with
 * what a C compiler's rules give.
 * @see https://man7.org/linux/man-pages/man2/recvmmsg.2.html
 * @module
 */

export const AF_INET = 2;
export const AF_INET6 = 10;
export const SOCK_DGRAM = 2;
export const SOCK_NONBLOCK = 0x800;
export const SOCK_CLOEXEC = 0x80000;

export const SOL_SOCKET = 1;
export const SO_SNDBUF = 7;
export const SO_RCVBUF = 8;
export const SO_REUSEPORT = 15;
export const IPPROTO_IPV6 = 41;
export const IPV6_V6ONLY = 26;
export const SOL_UDP = 17;
/** Generic segmentation offload: one message leaves as many datagrams of this size. */
export const UDP_SEGMENT = 103;

export const MSG_TRUNC = 0x20;
export const MSG_DONTWAIT = 0x40;

export const EPOLL_CLOEXEC = 0x80000;
export const EPOLL_CTL_ADD = 1;
export const EPOLLIN = 1;

export const EINTR = 4;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EINVAL = 22;
export const EMSGSIZE = 90;
export const ENOBUFS = 105;

/** Layouts in 32-bit words; `...Low` is the low half of a 64-bit field. */
export const MMSGHDR = {
  words: 16,
  nameLow: 0,
  nameLength: 2,
  vectorLow: 4,
  vectorCountLow: 6,
  controlLow: 8,
  controlLengthLow: 10,
  flags: 12,
  transferred: 14,
} as const;

export const IOVEC = { words: 4, baseLow: 0, lengthLow: 2 } as const;

/** A `sockaddr_in6` is 28 bytes, a `sockaddr_in` 16; both get the same room. */
export const SOCKADDR = { words: 8, ipv4Bytes: 16, ipv6Bytes: 28 } as const;

/** One control message that carries a 16-bit value. */
export const CMSG_U16 = { words: 6, lengthLow: 0, level: 2, type: 3, value: 4, bytes: 18 } as const;

/** `epoll_event` is packed on x64 only. */
export function epollEventLayout(arch: string): { words: number; dataLow: number } {
  return arch === 'x64' ? { words: 3, dataLow: 1 } : { words: 4, dataLow: 2 };
}
