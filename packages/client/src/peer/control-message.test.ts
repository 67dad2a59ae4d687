import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeControlMessage } from './control-message.ts';
import type { ControlMessage } from './control-message.ts';

const pixels = fc.integer({ min: 0, max: 16_384 });
const message: fc.Arbitrary<ControlMessage> = fc.oneof(
  fc.record({
    type: fc.constant('media' as const),
    camera: fc.boolean(),
    microphone: fc.boolean(),
    version: fc.nat(),
  }),
  fc.record({
    type: fc.constant('view' as const),
    source: fc.constantFrom('camera' as const, 'screen' as const),
    width: pixels,
    height: pixels,
  }),
);

describe('messages of the control channel', () => {
  it('arrive as they were sent', () => {
    fc.assert(
      fc.property(message, (sent) => {
        expect(decodeControlMessage(JSON.stringify(sent))).toEqual(sent);
      }),
    );
  });

  it('are cut off at any place, and then they are none', () => {
    fc.assert(
      fc.property(message, fc.nat(), (sent, at) => {
        const text = JSON.stringify(sent);
        expect(decodeControlMessage(text.slice(0, at % text.length))).toBeUndefined();
      }),
    );
  });

  it('may be anything at all, and nothing is thrown', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify({ type: 'view', ...Object(value) })),
      fc.uint8Array(),
      fc.anything(),
    );
    fc.assert(
      fc.property(anything, (data) => {
        expect(() => decodeControlMessage(data)).not.toThrow();
      }),
    );
  });

  it.each([
    'null',
    '[]',
    '{"type":"other","camera":true,"microphone":true,"version":1}',
    '{"type":"constructor"}',
    '{"type":["media"]}',
    '{"type":"media","camera":1,"microphone":true,"version":1}',
    '{"type":"media","camera":true,"microphone":true}',
    `{"type":"media","camera":true,"microphone":true,"version":1,"pad":"${'x'.repeat(20_000)}"}`,
    '{"type":"view","source":"microphone","width":1,"height":1}',
    '{"type":"view","source":"camera","width":-1,"height":1}',
    '{"type":"view","source":"camera","width":1,"height":1e9}',
    '{"type":"view","source":"camera","width":"1","height":1}',
    '{"type":"view","source":"camera","width":1}',
    new ArrayBuffer(4),
  ])('%s is none', (data) => {
    expect(decodeControlMessage(data)).toBeUndefined();
  });
});
