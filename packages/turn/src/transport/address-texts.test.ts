import { describe, expect, it } from 'vitest';
import { emptyAddress } from '../wire/transport-address.ts';
import { AddressTexts } from './address-texts.ts';

describe('AddressTexts', () => {
  it('reads and writes more addresses than it has slots', () => {
    const texts = new AddressTexts();
    const address = emptyAddress();
    for (let index = 1; index <= 5_000; index += 1) {
      const text =
        index % 2 ? `10.0.${index >> 8}.${index & 255}` : `2001:db8::${index.toString(16)}:1`;
      texts.read(text, index, address);
      expect(address.port).toBe(index);
      expect(texts.text(address)).toBe(text);
    }
  });

  it('tells ::7f00:1 and 127.0.0.1 apart, which share their words', () => {
    const texts = new AddressTexts();
    const v4 = { ...emptyAddress(), word3: 0x7f000001 };
    expect(texts.text(v4)).toBe('127.0.0.1');
    expect(texts.text({ ...v4, family: 6 })).toBe('::7f00:1');
    expect(texts.text(v4)).toBe('127.0.0.1');
  });

  it('reads what is no address as 0.0.0.0', () => {
    const texts = new AddressTexts();
    const address = { ...emptyAddress(), word3: 1 };
    texts.read('nonsense', 5, address);
    expect(address).toEqual({ ...emptyAddress(), port: 5 });
  });
});
