import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Libc } from './batch/libc.ts';
import { createUdpBackend } from './udp-backend.ts';

const libc = vi.hoisted(() => ({ load: (): unknown => undefined }));
vi.mock('./batch/libc.ts', () => ({ loadLibc: () => Promise.resolve(libc.load()) }));

/** A machine on which every call is forbidden. */
const forbidden: Libc = {
  socket: () => -1,
  bind: () => -1,
  getsockname: () => -1,
  setsockopt: () => -1,
  close: () => -1,
  recvmmsg: () => -1,
  sendmmsg: () => -1,
  epollCreate: () => -1,
  epollControl: () => -1,
  epollWait: () => -1,
  errno: () => 1,
  addressOf: () => 4096,
  watch: () => ({ close: () => undefined }),
};

afterEach(() => {
  libc.load = () => undefined;
});

describe.each([
  ['without koffi', undefined],
  ['where the self-test fails', forbidden],
])('%s', (_name, found) => {
  it('falls back to dgram', async () => {
    libc.load = () => found;
    expect((await createUdpBackend()).name).toBe('dgram');
    expect((await createUdpBackend({ backend: 'auto' })).name).toBe('dgram');
  });

  it('says so when batches are demanded', async () => {
    libc.load = () => found;
    await expect(createUdpBackend({ backend: 'batch' })).rejects.toThrow(/koffi/);
  });
});

it('does not even look for koffi when dgram is demanded', async () => {
  libc.load = () => {
    throw new Error('looked');
  };
  expect((await createUdpBackend({ backend: 'dgram' })).name).toBe('dgram');
});
