import { describe, expect, it } from 'vitest';
import { findLabPrograms } from './lab-requirements.ts';
import type { Machine } from './lab-requirements.ts';

function machine(isRoot: boolean, ...commands: string[]): Machine {
  return { isRoot, find: (name) => (commands.includes(name) ? `/sbin/${name}` : undefined) };
}

describe('findLabPrograms', () => {
  it('finds both programs for the administrator', () => {
    const programs = findLabPrograms(machine(true, 'ip', 'nft'));
    expect(programs).toEqual({ ip: '/sbin/ip', nft: '/sbin/nft' });
  });

  it('asks for root, and for nothing that is there', () => {
    expect(() => findLabPrograms(machine(false, 'ip', 'nft'))).toThrow(
      /^The network laboratory needs root \(run the tests with sudo\)\.$/u,
    );
  });

  it('names every package that is missing', () => {
    expect(() => findLabPrograms(machine(true))).toThrow(/iproute2.*nftables/u);
    expect(() => findLabPrograms(machine(false))).toThrow(/root.*iproute2.*nftables/u);
  });
});
