import { describe, expect, it } from 'vitest';
import { classifyFiltering, classifyMapping } from './nat-classification.ts';

describe('classifyMapping', () => {
  it.each([
    ['a', 'a', 'a', 'endpoint-independent'],
    ['a', 'b', 'b', 'address-dependent'],
    ['a', 'b', 'c', 'address-and-port-dependent'],
  ])('%s, %s and %s', (atFirst, atOtherAddress, atOtherAddressAndPort, expected) => {
    const mapped = { atFirst, atOtherAddress, atOtherAddressAndPort };
    expect(classifyMapping(mapped)).toBe(expected);
  });
});

describe('classifyFiltering', () => {
  it('hears a stranger', () => {
    const heard = { otherAddressAndPort: true, otherPort: true };
    expect(classifyFiltering(heard)).toBe('endpoint-independent');
  });

  it('hears another port of an address that was sent to', () => {
    const heard = { otherAddressAndPort: false, otherPort: true };
    expect(classifyFiltering(heard)).toBe('address-dependent');
  });

  it('hears only whom was sent to', () => {
    const heard = { otherAddressAndPort: false, otherPort: false };
    expect(classifyFiltering(heard)).toBe('address-and-port-dependent');
  });
});
