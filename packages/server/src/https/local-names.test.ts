import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { isPublicAddress, lanAddresses, localNames, publicAddress } from './local-names.ts';

function card(address: string, internal = false): NetworkInterfaceInfo {
  const common = { address, internal, netmask: '', mac: '', cidr: null };
  return address.includes(':')
    ? { ...common, family: 'IPv6', scopeid: 0 }
    : { ...common, family: 'IPv4' };
}

const HOME = {
  hostName: 'kitchen',
  interfaces: {
    lo: [card('127.0.0.1', true), card('::1', true)],
    wlan0: [card('fe80::1'), card('fd00::20'), card('192.168.1.20')],
  },
};

describe('names of this machine', () => {
  it('are its addresses, its name, and those of loopback', () => {
    expect(lanAddresses(HOME)).toEqual(['192.168.1.20', 'fd00::20']);
    expect(localNames(HOME)).toEqual([
      '192.168.1.20',
      'fd00::20',
      'kitchen',
      'kitchen.local',
      'localhost',
      '127.0.0.1',
      '::1',
    ]);
  });

  it('leave out a name that no certificate can carry', () => {
    expect(localNames({ ...HOME, hostName: 'my computer' })).not.toContain('my computer');
  });

  it('know what the internet can reach', () => {
    expect(publicAddress(HOME)).toBeUndefined();
    const server = { interfaces: { eth0: [card('10.0.0.5'), card('203.0.113.5')] } };
    expect(publicAddress(server)).toBe('203.0.113.5');
    const inner = ['10.1.1.1', '172.20.0.1', '100.64.3.3', '169.254.1.1', 'fd00::1', '::1'];
    expect(inner.filter(isPublicAddress)).toEqual([]);
    expect(isPublicAddress('2001:db8::1')).toBe(true);
  });
});
