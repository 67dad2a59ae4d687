import { describe, expect, it } from 'vitest';
import { FakePlatform } from '../../test/fakes/fake-platform.ts';
import { settle } from '../testing/settle.ts';
import { ConnectionFactory } from './connection-factory.ts';

const CERTIFICATE: RTCCertificate = { expires: 0, getFingerprints: () => [] };

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
  it('hands out the connection that stands ready, then new ones', async () => {
    const { platform, factory } = setUp();
    await factory.warm();
    await factory.warm();
    expect(platform.connections).toHaveLength(1);
    expect(factory.take()).toBe(platform.connections[0]);
    expect(factory.take()).toBe(platform.connections[1]);
  });

  it('tells the ready one of ICE servers that become known, before those of the application', async () => {
    const { platform, own, factory } = setUp();
    await factory.warm();
    const named = { urls: ['stun:127.0.0.1:7000'] };
    factory.useIceServers([named]);
    expect(platform.connections[0]?.configuration).toEqual({
      iceServers: [named, own],
      iceTransportPolicy: 'relay',
      bundlePolicy: 'max-bundle',
      iceCandidatePoolSize: 1,
    });
    factory.take();
    factory.take();
    expect(platform.connections[1]?.configuration.iceServers).toEqual([named, own]);
  });

  it('keeps another one ready a moment after one was taken', async () => {
    const { platform, factory } = setUp();
    await factory.warm();
    factory.take();
    expect(platform.connections).toHaveLength(1);
    platform.clock.advance(2_000);
    await settle();
    expect(platform.connections).toHaveLength(2);
    factory.close();
    expect(factory.take()).toBe(platform.connections[2]);
    expect(platform.clock.pendingTimers).toBe(0);
  });

  it('does not make anybody gather again for the same ICE servers', async () => {
    const { platform, factory } = setUp();
    await factory.warm();
    factory.useIceServers([{ urls: ['stun:127.0.0.1:7000'] }]);
    const before = platform.connections[0]?.configuration;
    factory.useIceServers([{ urls: ['stun:127.0.0.1:7000'] }]);
    expect(platform.connections[0]?.configuration).toBe(before);
  });

  it('close() closes the one that nobody took', async () => {
    const { platform, factory } = setUp();
    await factory.warm();
    factory.close();
    factory.close();
    expect(platform.open).toEqual([]);
    expect(factory.take()).toBe(platform.connections[1]);
  });

  it('CODE-4 gives all connections one certificate, so that a rebuilt one has the same code', async () => {
    const { platform, factory } = setUp();
    platform.certificate = Promise.resolve(CERTIFICATE);
    await factory.warm();
    factory.take();
    await factory.warm();
    factory.take();
    factory.take();
    const certificates = platform.connections.map(
      ({ configuration }) => configuration.certificates,
    );
    expect(certificates).toEqual([[CERTIFICATE], [CERTIFICATE], [CERTIFICATE]]);
  });

  it('does without one when the browser cannot make any', async () => {
    const { platform, factory } = setUp();
    platform.certificate = Promise.reject(new Error('NotSupportedError'));
    await factory.warm();
    expect(platform.connections[0]?.configuration.certificates).toBeUndefined();
  });

  it('keeps none ready that is not wanted any more when the certificate comes', async () => {
    const { platform, factory } = setUp();
    platform.certificate = Promise.resolve(CERTIFICATE);
    const warming = factory.warm();
    factory.close();
    await warming;
    expect(platform.connections).toEqual([]);
  });
});
