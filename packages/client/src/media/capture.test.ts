import { describe, expect, it } from 'vitest';
import { FakeMediaDevices, camera, domError, microphone } from '../testing/fake-media-devices.ts';
import { FakePlatform } from '../../test/fakes/fake-platform.ts';
import { Capture, constraintsFor } from './capture.ts';

function setUp(devices = new FakeMediaDevices(camera('c1'), microphone('m1'))) {
  const platform = new FakePlatform(devices);
  return { platform, devices, acquire: new Capture(platform).acquire };
}

/** Refuses whatever asks for one of these. */
function refuse(...kinds: readonly ('audio' | 'video')[]) {
  return (constraints: MediaStreamConstraints): void => {
    if (kinds.some((kind) => constraints[kind])) throw domError('NotAllowedError');
  };
}

describe('constraintsFor', () => {
  it('asks for the front camera first, afterwards for the chosen one exactly', () => {
    expect(constraintsFor('camera', undefined)).toMatchObject({ facingMode: 'user' });
    expect(constraintsFor('camera', 'c1')).toMatchObject({ deviceId: { exact: 'c1' } });
    expect(constraintsFor('camera', 'c1')).not.toHaveProperty('facingMode');
  });

  it('wants no echo of a microphone', () => {
    expect(constraintsFor('microphone', 'm1')).toMatchObject({
      deviceId: { exact: 'm1' },
      echoCancellation: true,
    });
  });
});

describe('Capture', () => {
  it('asks once for what is wanted in the same moment', async () => {
    const { acquire, devices } = setUp();
    const tracks = await Promise.all([
      acquire('microphone', undefined),
      acquire('camera', undefined),
    ]);
    expect(tracks.map(({ kind }) => kind)).toEqual(['audio', 'video']);
    expect(devices.requests).toHaveLength(1);
  });

  it('asks for each one alone when both together fail for want of one', async () => {
    const { acquire, devices } = setUp(new FakeMediaDevices(microphone('m1')));
    const [sound, picture] = await Promise.allSettled([
      acquire('microphone', undefined),
      acquire('camera', undefined),
    ]);
    expect(sound.status).toBe('fulfilled');
    expect(picture).toMatchObject({
      reason: { code: 'ERR_MEDIA_NOT_FOUND', source: 'camera' },
    });
    expect(devices.requests).toHaveLength(3);
  });

  it('does not ask a person again who has just said no to both', async () => {
    const { acquire, devices, platform } = setUp();
    devices.check = refuse('audio', 'video');
    platform.permissions.camera = 'prompt';
    platform.permissions.microphone = 'prompt';
    const results = await Promise.allSettled([
      acquire('microphone', undefined),
      acquire('camera', undefined),
    ]);
    expect(results).toMatchObject([
      { reason: { code: 'ERR_MEDIA_DENIED_BY_BROWSER', source: 'microphone' } },
      { reason: { code: 'ERR_MEDIA_DENIED_BY_BROWSER', source: 'camera' } },
    ]);
    expect(devices.requests).toHaveLength(1);
  });

  it('asks for the one that is not blocked when the other one is', async () => {
    const { acquire, devices, platform } = setUp();
    devices.check = refuse('video');
    platform.permissions.camera = 'denied';
    platform.permissions.microphone = 'prompt';
    const results = await Promise.allSettled([
      acquire('microphone', undefined),
      acquire('camera', undefined),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(devices.requests.slice(1)).toEqual([{ audio: expect.anything() }]);
  });

  it('asks for each alone when the browser does not tell the permissions', async () => {
    const { acquire, devices } = setUp();
    devices.check = refuse('video');
    const results = await Promise.allSettled([
      acquire('microphone', undefined),
      acquire('camera', undefined),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('names the insecure origin for each device', async () => {
    const { acquire, platform } = setUp();
    platform.isSecure = false;
    const results = await Promise.allSettled([
      acquire('microphone', undefined),
      acquire('camera', undefined),
    ]);
    expect(results).toMatchObject([
      { reason: { code: 'ERR_MEDIA_INSECURE_ORIGIN', source: 'microphone' } },
      { reason: { code: 'ERR_MEDIA_INSECURE_ORIGIN', source: 'camera' } },
    ]);
  });
});
