import { describe, expect, it, vi } from 'vitest';
import type { Libc } from './batch/libc.ts';
import { createUdpBackend } from './udp-backend.ts';

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

describe.each([
  ['without koffi', undefined],
  ['where the self-test fails', forbidden],
])('%s', (_name, found) => {
  const find = (): Promise<Libc | undefined> => Promise.resolve(found);

  it('falls back to dgram', async () => {
    expect((await createUdpBackend({}, find)).name).toBe('dgram');
    expect((await createUdpBackend({ backend: 'auto' }, find)).name).toBe('dgram');
  });

  it('says so when batches are demanded', async () => {
    await expect(createUdpBackend({ backend: 'batch' }, find)).rejects.toThrow(/koffi/);
  });
});

it('does not even look for koffi when dgram is demanded', async () => {
  const find = vi.fn<() => Promise<undefined>>();
  expect((await createUdpBackend({ backend: 'dgram' }, find)).name).toBe('dgram');
  expect(find).not.toHaveBeenCalled();
});
