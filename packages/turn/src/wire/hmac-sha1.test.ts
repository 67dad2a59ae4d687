import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { HmacSha1 } from './hmac-sha1.ts';

function digest(key: Uint8Array, message: Uint8Array, offset = 0): string {
  const bytes = Buffer.concat([Buffer.alloc(offset, 0xaa), message, Buffer.alloc(3, 0xbb)]);
  const out = Buffer.alloc(20);
  new HmacSha1(key).digest(bytes, offset, offset + message.length, out);
  return out.toString('hex');
}

it('AUTH-3 agrees with RFC 2202', () => {
  expect(digest(Buffer.alloc(20, 0x0b), Buffer.from('Hi There'))).toBe(
    'b617318655057264e28bc0b6fb378c8ef146be00',
  );
  expect(digest(Buffer.from('Jefe'), Buffer.from('what do ya want for nothing?'))).toBe(
    'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
  );
});

it('AUTH-3 agrees with node:crypto for every length around the block size', () => {
  const key = Buffer.from('sixteen byte key');
  const message = Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 7) & 0xff));
  for (let length = 0; length <= message.length; length += 1) {
    const part = message.subarray(0, length);
    expect(digest(key, part)).toBe(createHmac('sha1', key).update(part).digest('hex'));
  }
});

it('AUTH-3 agrees with node:crypto for any key, message and offset', () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(bytes, bytes, fc.nat(70), (key, message, offset) => {
      const expected = createHmac('sha1', key).update(message).digest('hex');
      expect(digest(key, message, offset)).toBe(expected);
    }),
  );
});
