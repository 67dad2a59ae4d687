import { describe, expect, it } from 'vitest';
import { FakePlatform } from '../../test/fakes/fake-platform.ts';
import { ConnectionFactory } from './connection-factory.ts';

function setUp() {
  const platform = new FakePlatform();
  const own = { urls: 'turn:turn.example.org' };
  const factory = new ConnectionFactory(platform, {
    iceServers: [own],
    iceTransportPolicy: 'relay',
  });
  return { platform, own, factory };
}

describe('ConnectionFactory', () => {
  it('hands out the connection that stands ready, then new ones', () => {
    const { platform, factory } = setUp();
    factory.warm();
    factory.warm();
    expect(platform.connections).toHaveLength(1);
    expect(factory.take()).toBe(platform.connections[0]);
    expect(factory.take()).toBe(platform.connections[1]);
  });

  it('tells the ready one of ICE servers that become known, before those of the application', () => {
    const { platform, own, factory } = setUp();
    factory.warm();
    const named = { urls: ['stun:127.0.0.1:7000'] };
    factory.useIceServers([named]);
    expect(platform.connections[0]?.configuration).toEqual({
      iceServers: [named, own],
      iceTransportPolicy: 'relay',
      bundlePolicy: 'max-bundle',
    });
    factory.take();
    factory.take();
    expect(platform.connections[1]?.configuration.iceServers).toEqual([named, own]);
  });

  it('close() closes the one that nobody took', () => {
    const { platform, factory } = setUp();
    factory.warm();
    factory.close();
    factory.close();
    expect(platform.open).toEqual([]);
    expect(factory.take()).toBe(platform.connections[1]);
  });
});
