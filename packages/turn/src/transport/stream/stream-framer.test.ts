import { array, assert, constantFrom, integer, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_FRAME_BYTES, StreamFramer } from './stream-framer.ts';

function fromHex(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}

/** A STUN message with `attributeBytes` bytes behind the header. */
function stun(attributeBytes = 0, fill = 0): Buffer {
  const message = Buffer.alloc(20 + attributeBytes, fill);
  message.writeUInt16BE(0x0001, 0);
  message.writeUInt16BE(attributeBytes, 2);
  message.writeUInt32BE(0x2112a442, 4);
  return message;
}

/** A ChannelData frame as it lies in a stream, padded. */
function channelData(payload: Uint8Array): Buffer {
  const frame = Buffer.alloc(4 + ((payload.length + 3) & ~3), 0xee);
  frame.writeUInt16BE(0x4000, 0);
  frame.writeUInt16BE(payload.length, 2);
  frame.set(payload, 4);
  return frame;
}

function collect(
  framer: StreamFramer,
  chunks: readonly Buffer[],
): { frames: string[]; ok: boolean } {
  const frames: string[] = [];
  const ok = chunks.every((chunk) =>
    framer.push(chunk, (bytes, offset, length) => {
      frames.push(bytes.toString('hex', offset, offset + length));
    }),
  );
  return { frames, ok };
}

describe('StreamFramer', () => {
  it('hands whole frames on where they lie', () => {
    const chunk = Buffer.concat([stun(8), channelData(fromHex('010203')), stun()]);
    const seen: [boolean, number, number][] = [];
    new StreamFramer().push(chunk, (bytes, offset, length) => {
      seen.push([bytes === chunk, offset, length]);
    });
    expect(seen).toEqual([
      [true, 0, 28],
      [true, 28, 7],
      [true, 36, 20],
    ]);
  });

  it('leaves the padding of ChannelData out', () => {
    const { frames } = collect(new StreamFramer(), [fromHex('4001 0001 ff000000 4001 0000')]);
    expect(frames).toEqual(['40010001ff', '40010000']);
  });

  it('takes channel numbers of RFC 5766', () => {
    expect(collect(new StreamFramer(), [fromHex('7fff 0000')]).frames).toEqual(['7fff0000']);
  });

  it('puts frames together however the stream is torn', () => {
    const frame = uint8Array({ maxLength: 40 }).map(channelData);
    const message = integer({ min: 0, max: 10 }).map((words) => stun(words * 4, words));
    const frames = array(constantFrom(0, 1)).chain((kinds) =>
      array(frame, { minLength: kinds.length, maxLength: kinds.length }).chain((data) =>
        array(message, { minLength: kinds.length, maxLength: kinds.length }).map((messages) =>
          kinds.map((kind, index) => (kind ? data : messages)[index] ?? stun()),
        ),
      ),
    );
    assert(
      property(frames, array(integer({ min: 1, max: 30 }), { minLength: 1 }), (parts, cuts) => {
        const stream = Buffer.concat(parts);
        const chunks: Buffer[] = [];
        for (let at = 0, cut = 0; at < stream.length; cut += 1) {
          const size = cuts[cut % cuts.length] ?? 1;
          chunks.push(stream.subarray(at, at + size));
          at += size;
        }
        const whole = collect(new StreamFramer(), [stream]);
        const framer = new StreamFramer();
        expect(collect(framer, chunks)).toEqual(whole);
        expect(whole.frames).toHaveLength(parts.length);
        expect(framer.isMidFrame).toBe(false);
      }),
    );
  });

  it('skips a frame no datagram can carry, torn or whole, and goes on behind it', () => {
    const long = channelData(new Uint8Array(MAX_FRAME_BYTES));
    const longStun = stun(MAX_FRAME_BYTES);
    for (const size of [1, 3, 7, 100_000]) {
      const stream = Buffer.concat([long, stun(), longStun, channelData(fromHex('aa'))]);
      const chunks: Buffer[] = [];
      for (let at = 0; at < stream.length; at += size) chunks.push(stream.subarray(at, at + size));
      const framer = new StreamFramer();
      const { frames, ok } = collect(framer, chunks);
      expect(ok).toBe(true);
      expect(frames).toEqual([stun().toString('hex'), '40000001aa']);
      expect(framer.skippedFrames).toBe(2);
    }
  });

  it('hands on the longest frame', () => {
    const { frames } = collect(new StreamFramer(), [stun(MAX_FRAME_BYTES - 20)]);
    expect(frames).toHaveLength(1);
  });

  it('knows whether a frame has begun', () => {
    const framer = new StreamFramer();
    const isMidAfter = (hex: string): boolean => {
      collect(framer, [fromHex(hex)]);
      return framer.isMidFrame;
    };
    expect(framer.isMidFrame).toBe(false);
    expect(isMidAfter('40')).toBe(true);
    expect(isMidAfter('000002aa')).toBe(true);
    expect(isMidAfter('bb00')).toBe(true);
    expect(isMidAfter('00')).toBe(false);
    expect(isMidAfter('4000ffff')).toBe(true);
  });

  it.each([
    ['a first byte of nothing we know', '80'],
    ['a STUN message without magic cookie', '0001 0000 2112a443'],
    ['a STUN length that is no multiple of 4', '0001 0002 2112a442'],
    ['such a byte behind a whole frame', '4000 0000 ff'],
  ])('refuses %s, torn or whole', (_name, hex) => {
    const bytes = fromHex(hex);
    expect(collect(new StreamFramer(), [bytes]).ok).toBe(false);
    const torn = Array.from(bytes, (byte) => Buffer.of(byte));
    expect(collect(new StreamFramer(), torn).ok).toBe(false);
  });

  it('never reads beyond what it was given', () => {
    assert(
      property(array(uint8Array({ maxLength: 60 })), (chunks) => {
        const framer = new StreamFramer();
        for (const chunk of chunks) {
          const ok = framer.push(Buffer.from(chunk), (bytes, offset, length) => {
            expect(offset + length).toBeLessThanOrEqual(bytes.length);
          });
          if (!ok) return;
        }
      }),
    );
  });
});
