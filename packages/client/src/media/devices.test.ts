import { describe, expect, it, vi } from 'vitest';
import { FakeMediaDevices, camera, microphone } from '../testing/fake-media-devices.ts';
import { FakePlatform } from '../../test/fakes/fake-platform.ts';
import { settle } from '../testing/settle.ts';
import { DeviceList } from './devices.ts';

function setUp() {
  const devices = new FakeMediaDevices(camera('c1'), microphone('m1'));
  const platform = new FakePlatform(devices);
  return { devices, platform, list: new DeviceList(platform) };
}

describe('DeviceList', () => {
  it('sorts devices by kind', async () => {
    const { list } = setUp();
    await list.refresh();
    const { cameras, microphones, speakers } = list.snapshot;
    expect(cameras.map(({ deviceId }) => deviceId)).toEqual(['c1']);
    expect(microphones.map(({ deviceId }) => deviceId)).toEqual(['m1']);
    expect(speakers).toEqual([]);
  });

  it('leaves out what browsers list before permission: entries without an id', async () => {
    const { devices, list } = setUp();
    devices.devices = [camera('')];
    await list.refresh();
    expect(list.snapshot.cameras).toEqual([]);
  });

  it('follows the browser while somebody watches, and only then', async () => {
    const { devices, list } = setUp();
    expect(devices.listeners).toBe(0);
    const onChange = vi.fn<() => void>();
    const undo = list.subscribe(onChange);
    list.subscribe(() => {})();
    await settle();
    expect(onChange).toHaveBeenCalledTimes(1);
    devices.plug(camera('c1'), camera('c2'), microphone('m1'));
    await settle();
    expect(list.snapshot.cameras).toHaveLength(2);
    undo();
    undo();
    expect(devices.listeners).toBe(0);
  });

  it('keeps a list that has not changed', async () => {
    const { devices, list } = setUp();
    await list.refresh();
    const before = list.snapshot;
    devices.devices = [{ ...camera('c1') }, microphone('m1')];
    await list.refresh();
    expect(list.snapshot).toBe(before);
  });

  it('is empty where there are no devices to ask for', async () => {
    const { platform, list } = setUp();
    platform.isSecure = false;
    list.subscribe(() => {});
    await expect(list.refresh()).resolves.toBeUndefined();
    expect(list.snapshot.cameras).toEqual([]);
  });
});
