import { assert, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NodeSeal } from './node-seal.ts';

const OLD = 'the secret of last year, long enough';
const NEW = 'the secret of this year, long enough';

describe('NodeSeal', () => {
  it('NODE-10 opens what a node with the same secret has sealed, and shows nothing of it', () => {
    const sealed = new NodeSeal([NEW]).seal('{"room":"daily"}', 'here');
    expect(sealed.toString('latin1')).not.toContain('daily');
    expect(new NodeSeal([NEW]).open(sealed, 'here')).toBe('{"room":"daily"}');
  });

  it('NODE-10 opens with every secret of the list, so that it can be changed node by node', () => {
    const sealed = new NodeSeal([OLD]).seal('hello', 'here');
    expect(new NodeSeal([NEW, OLD]).open(sealed, 'here')).toBe('hello');
    expect(new NodeSeal([NEW]).open(sealed, 'here')).toBeUndefined();
  });

  it('NODE-10 does not open what stands in another place, or was changed', () => {
    const seal = new NodeSeal([NEW]);
    const sealed = seal.seal('hello', 'here');
    expect(seal.open(sealed, 'there')).toBeUndefined();
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(seal.open(changed, 'here')).toBeUndefined();
    }
  });

  it('NODE-10 has an answer to any bytes', () => {
    const seal = new NodeSeal([NEW]);
    assert(
      property(uint8Array({ maxLength: 64 }), (bytes) => {
        expect(seal.open(Buffer.from(bytes), 'here')).toBeUndefined();
      }),
    );
  });
});
