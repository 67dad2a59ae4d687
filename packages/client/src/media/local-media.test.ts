import { describe, expect, it } from 'vitest';
import { FakeMediaDevices, camera, microphone } from '../testing/fake-media-devices.ts';
import type { FakeDevice } from '../testing/fake-media-devices.ts';
import { FakePlatform } from '../../test/fakes/fake-platform.ts';
import { Gate } from '../../test/fakes/gate.ts';
import '../testing/load-all.ts';
import { settle } from '../testing/settle.ts';
import { DeviceMedia } from './local-media.ts';

function setUp(...devices: readonly FakeDevice[]) {
  const platform = new FakePlatform(new FakeMediaDevices(...devices));
  return { platform, devices: platform.devices, media: new DeviceMedia(platform) };
}

describe('DeviceMedia', () => {
  it('starts both with one question', async () => {
    const { media, devices } = setUp(camera('c1'), microphone('m1'));
    await media.start({ camera: true, microphone: true });
    expect(media.camera.snapshot.state).toBe('live');
    expect(media.microphone.snapshot.state).toBe('live');
    expect(devices.requests).toHaveLength(1);
  });

  it('starts only what is wanted', async () => {
    const { media, devices } = setUp(camera('c1'), microphone('m1'));
    await media.start({ microphone: true });
    expect(media.camera.snapshot.state).toBe('off');
    expect(devices.requests).toMatchObject([{ audio: {} }]);
    await media.start({});
    expect(devices.requests).toHaveLength(1);
  });

  it('never rejects: what failed is in the slot', async () => {
    const { media } = setUp(microphone('m1'));
    await expect(media.start({ camera: true, microphone: true })).resolves.toBeUndefined();
    expect(media.camera.snapshot.error?.code).toBe('ERR_MEDIA_NOT_FOUND');
    expect(media.microphone.snapshot.state).toBe('live');
  });

  it('what its signal ends is off, and nothing is rejected', async () => {
    const { media, devices } = setUp(camera('c1'), microphone('m1'));
    const giveUp = new AbortController();
    const gate = new Gate();
    devices.gate = gate.opened;
    const starting = media.start({ camera: true, microphone: true, signal: giveUp.signal });
    await settle();
    giveUp.abort();
    await starting;
    gate.open();
    await settle();
    expect([media.camera.snapshot.state, media.microphone.snapshot.state]).toEqual(['off', 'off']);
    expect(devices.live).toEqual([]);
  });

  it('knows the devices by name once one is in use', async () => {
    const { media } = setUp(camera('c1'), microphone('m1'));
    expect(media.devices.snapshot.cameras).toEqual([]);
    await media.camera.on();
    await settle();
    expect(media.devices.snapshot.cameras).toMatchObject([{ label: 'Camera c1' }]);
  });

  it('close() stops every device', async () => {
    const { media, devices } = setUp(camera('c1'), microphone('m1'));
    await media.start({ camera: true, microphone: true });
    await media.close();
    expect(devices.live).toEqual([]);
  });
});
