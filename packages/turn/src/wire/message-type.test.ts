import { expect, it } from 'vitest';
import { decodeMessageClass, decodeMethod, encodeMessageType, METHOD } from './message-type.ts';

it('STUN-11 reads back every method with every class', () => {
  for (let method = 0; method <= 0xfff; method += 1) {
    for (const messageClass of [0, 1, 2, 3] as const) {
      const type = encodeMessageType(method, messageClass);
      expect([decodeMethod(type), decodeMessageClass(type)]).toEqual([method, messageClass]);
      expect(type).toBeLessThanOrEqual(0x3fff);
    }
  }
});

it('STUN-11 knows the message types of the RFCs', () => {
  expect(encodeMessageType(METHOD.binding, 0)).toBe(0x0001);
  expect(encodeMessageType(METHOD.binding, 2)).toBe(0x0101);
  expect(encodeMessageType(METHOD.binding, 3)).toBe(0x0111);
  expect(encodeMessageType(METHOD.send, 1)).toBe(0x0016);
  expect(encodeMessageType(METHOD.data, 1)).toBe(0x0017);
  expect(encodeMessageType(METHOD.allocate, 2)).toBe(0x0103);
  expect(encodeMessageType(METHOD.channelBind, 3)).toBe(0x0119);
});
