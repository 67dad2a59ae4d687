import koffi from 'koffi';
import { describe, expect, it } from 'vitest';
import { CMSG_U16, IOVEC, MMSGHDR, SOCKADDR, epollEventLayout } from './linux-abi.ts';

// The C declarations of <sys/socket.h>, laid out by the rules of the platform's C compiler.
const IOVEC_TYPE = koffi.struct({ base: 'void *', length: 'size_t' });
const MSGHDR_TYPE = koffi.struct({
  name: 'void *',
  nameLength: 'uint32_t',
  vector: 'void *',
  vectorCount: 'size_t',
  control: 'void *',
  controlLength: 'size_t',
  flags: 'int',
});
const MMSGHDR_TYPE = koffi.struct({ header: MSGHDR_TYPE, transferred: 'uint32_t' });
const CMSG_TYPE = koffi.struct({ length: 'size_t', level: 'int', type: 'int', value: 'uint16_t' });

/** Offsets of the members in 32-bit words. */
function wordOffsets(type: ReturnType<typeof koffi.struct>): Record<string, number> {
  const members = Object.values(type.members ?? {});
  return Object.fromEntries(members.map(({ name, offset }) => [name, offset / 4]));
}

describe('structure layouts', () => {
  it('has the members of mmsghdr where C puts them', () => {
    expect(MMSGHDR.words * 4).toBe(MMSGHDR_TYPE.size);
    expect(wordOffsets(MSGHDR_TYPE)).toEqual({
      name: MMSGHDR.nameLow,
      nameLength: MMSGHDR.nameLength,
      vector: MMSGHDR.vectorLow,
      vectorCount: MMSGHDR.vectorCountLow,
      control: MMSGHDR.controlLow,
      controlLength: MMSGHDR.controlLengthLow,
      flags: MMSGHDR.flags,
    });
    expect(wordOffsets(MMSGHDR_TYPE)).toEqual({ header: 0, transferred: MMSGHDR.transferred });
  });

  it('has the members of iovec and cmsghdr where C puts them', () => {
    expect(IOVEC.words * 4).toBe(IOVEC_TYPE.size);
    expect(wordOffsets(IOVEC_TYPE)).toEqual({ base: IOVEC.baseLow, length: IOVEC.lengthLow });
    expect(CMSG_U16.words * 4).toBe(CMSG_TYPE.size);
    expect(CMSG_U16.bytes).toBe(CMSG_U16.value * 4 + 2);
    expect(wordOffsets(CMSG_TYPE)).toEqual({
      length: CMSG_U16.lengthLow,
      level: CMSG_U16.level,
      type: CMSG_U16.type,
      value: CMSG_U16.value,
    });
  });

  it('gives an IPv6 socket address enough room', () => {
    expect(SOCKADDR.words * 4).toBeGreaterThanOrEqual(SOCKADDR.ipv6Bytes);
  });

  it('packs epoll_event on x64 and pads it elsewhere', () => {
    const packed = koffi.pack({ events: 'uint32_t', data: 'uint64_t' });
    const padded = koffi.struct({ events: 'uint32_t', data: 'uint64_t' });
    expect(epollEventLayout('x64')).toEqual({ words: packed.size / 4, dataLow: 1 });
    expect(epollEventLayout('arm64')).toEqual({ words: padded.size / 4, dataLow: 2 });
  });
});
