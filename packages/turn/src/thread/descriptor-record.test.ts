import { expect, it } from 'vitest';
import type { Libc } from '../transport/batch/libc.ts';
import { DescriptorRecord } from './descriptor-record.ts';

const unused = (): never => {
  throw new Error('not used');
};

/** Gives out the numbers 5, 6, 7 and so on, and then -1. */
function fakeLibc(closed: number[]): Libc {
  let next = 5;
  const open = (): number => (next < 9 ? next++ : -1);
  return {
    socket: open,
    epollCreate: open,
    close: (fd) => {
      closed.push(fd);
      return 0;
    },
    bind: unused,
    getsockname: unused,
    setsockopt: unused,
    recvmmsg: unused,
    sendmmsg: unused,
    epollControl: unused,
    epollWait: unused,
    errno: unused,
    addressOf: unused,
    watch: unused,
  };
}

it('knows in the other thread what was opened and not closed, and closes it once', () => {
  const closed: number[] = [];
  const libc = fakeLibc(closed);
  const inThread = new DescriptorRecord();
  const outside = new DescriptorRecord(inThread.memory);
  const noting = inThread.noting(libc);
  expect([noting.socket(2, 2, 0), noting.epollCreate(0), noting.socket(2, 2, 0)]).toEqual([
    5, 6, 7,
  ]);
  noting.close(6);
  expect(outside.left).toEqual([5, 7]);
  outside.closeLeft(libc);
  outside.closeLeft(libc);
  expect(closed).toEqual([6, 5, 7]);
});

it('does not note what could not be opened', () => {
  const record = new DescriptorRecord(new Uint8Array(new SharedArrayBuffer(6)));
  const noting = record.noting(fakeLibc([]));
  for (let count = 0; count < 5; count += 1) noting.socket(2, 2, 0);
  expect(record.left).toEqual([5]);
});
