import { beforeEach, describe, expect, it } from 'vitest';
import { EthernetSwitch } from './ethernet-switch.ts';

const ADA = '020000000001';
const BOB = '020000000002';
const EVERYBODY = 'ffffffffffff';

function frame(to: string, from: string): Buffer {
  return Buffer.from(`${to}${from}0800`, 'hex');
}

describe('EthernetSwitch', () => {
  let ethernet: EthernetSwitch;
  beforeEach(() => {
    ethernet = new EthernetSwitch(3);
  });

  it('sends frames for a stranger to all others', () => {
    expect(ethernet.route(frame(BOB, ADA), 0)).toEqual([1, 2]);
  });

  it('remembers where somebody has sent from, also after moving', () => {
    ethernet.route(frame(EVERYBODY, BOB), 1);
    expect(ethernet.route(frame(BOB, ADA), 0)).toEqual([1]);
    ethernet.route(frame(EVERYBODY, BOB), 2);
    expect(ethernet.route(frame(BOB, ADA), 0)).toEqual([2]);
  });

  it('sends frames for a group to all others', () => {
    ethernet.route(frame(EVERYBODY, BOB), 1);
    expect(ethernet.route(frame(EVERYBODY, ADA), 0)).toEqual([1, 2]);
    expect(ethernet.route(frame('3333000000fb', BOB), 1)).toEqual([0, 2]);
  });

  it('sends nothing back to where it came from, and nothing that is no frame', () => {
    ethernet.route(frame(EVERYBODY, BOB), 0);
    expect(ethernet.route(frame(BOB, ADA), 0)).toEqual([]);
    expect(ethernet.route(Buffer.alloc(11), 0)).toEqual([]);
  });
});
