import { describe, expect, it } from 'vitest';
import { FakeMediaDevices, camera, domError, microphone } from '../testing/fake-media-devices.ts';
import { FakePlatform } from '../../test/fakes/fake-platform.ts';
import { Gate } from '../../test/fakes/gate.ts';
import { FakeTrack } from '../testing/fake-track.ts';
import { settle } from '../testing/settle.ts';
import { Capture } from './capture.ts';
import { DeviceSlot } from './slot.ts';
import type { TrackTransform } from './slot.ts';
import { SlotControl } from './slot-control.ts';
import type { DeviceSource } from './source.ts';

function setUp(source: DeviceSource = 'camera') {
  const devices = new FakeMediaDevices(
    camera('c1'),
    camera('c2'),
    microphone('m1'),
    microphone('m2'),
  );
  const platform = new FakePlatform(devices);
  const { acquire } = new Capture(platform);
  const slot = new DeviceSlot(source, (port) =>
    Promise.resolve(new SlotControl({ ...port, platform, acquire })),
  );
  /** What a connection was given, and whether the track before was still running at that moment. */
  const sent: { readonly device: string | undefined; readonly live: number }[] = [];
  slot.attach((track) => {
    sent.push({ device: track?.getSettings().deviceId, live: devices.live.length });
    return Promise.resolve();
  });
  return { devices, platform, slot, sent };
}

/** Makes the next requests wait; the returned function lets them go. */
function hold(devices: FakeMediaDevices): () => void {
  const gate = new Gate();
  devices.gate = gate.opened;
  return () => gate.open();
}

function idsOf(devices: FakeMediaDevices): readonly string[] {
  return devices.live.map(({ deviceId }) => deviceId);
}

describe('a slot that is turned on and off', () => {
  it('goes from off over starting to live', async () => {
    const { slot, devices, sent } = setUp();
    const states: string[] = [slot.snapshot.state];
    slot.subscribe(() => states.push(slot.snapshot.state));
    await slot.on();
    expect(states).toEqual(['off', 'starting', 'live']);
    expect(slot.snapshot).toMatchObject({ deviceId: 'c1', error: undefined });
    expect(slot.snapshot.stream?.getTracks()).toEqual([slot.snapshot.track]);
    expect(sent).toEqual([{ device: 'c1', live: 1 }]);
    expect(idsOf(devices)).toEqual(['c1']);
  });

  it('off() stops the device and takes the track from the connections', async () => {
    const { slot, devices, sent } = setUp();
    await slot.on();
    await slot.off();
    expect(slot.snapshot).toMatchObject({ state: 'off', track: undefined, deviceId: 'c1' });
    expect(idsOf(devices)).toEqual([]);
    expect(sent.at(-1)?.device).toBeUndefined();
  });

  it('off() stops the device even when a connection never answers', async () => {
    const { slot, devices } = setUp();
    await slot.on();
    slot.attach(() => new Promise(() => {}));
    void slot.off();
    await settle();
    expect(idsOf(devices)).toEqual([]);
    expect(slot.snapshot.state).toBe('off');
  });

  it('comes back with the same device', async () => {
    const { slot, devices } = setUp();
    await slot.on();
    await slot.use('c2');
    await slot.off();
    await slot.on();
    expect(idsOf(devices)).toEqual(['c2']);
  });

  it('comes back with another device when that one is gone', async () => {
    const { slot, devices } = setUp();
    await slot.use('c2');
    devices.plug(camera('c1'));
    await slot.on();
    expect(idsOf(devices)).toEqual(['c1']);
    expect(slot.snapshot.deviceId).toBe('c1');
  });

  it('says why it failed, and can be tried again', async () => {
    const { slot, devices } = setUp();
    devices.check = () => {
      throw domError('NotAllowedError');
    };
    await expect(slot.on()).rejects.toMatchObject({ code: 'ERR_MEDIA_DENIED_BY_BROWSER' });
    expect(slot.snapshot).toMatchObject({
      state: 'failed',
      error: { code: 'ERR_MEDIA_DENIED_BY_BROWSER', source: 'camera' },
    });
    devices.check = () => {};
    await slot.on();
    expect(slot.snapshot).toMatchObject({ state: 'live', error: undefined });
  });
});

describe('a slot that changes over', () => {
  it('opens the new device, sends it, and only then stops the old one', async () => {
    const { slot, devices, sent } = setUp();
    await slot.on();
    await slot.use('c2');
    expect(sent).toEqual([
      { device: 'c1', live: 1 },
      { device: 'c2', live: 2 },
    ]);
    expect(idsOf(devices)).toEqual(['c2']);
    expect(devices.requests.at(-1)?.video).toMatchObject({ deviceId: { exact: 'c2' } });
  });

  it('is never without a track on the way', async () => {
    const { slot } = setUp();
    await slot.on();
    const states: string[] = [];
    slot.subscribe(() => states.push(`${slot.snapshot.state} ${slot.snapshot.track?.readyState}`));
    await slot.use('c2');
    expect(new Set(states)).toEqual(new Set(['live live']));
  });

  it('keeps the old track when the new device fails', async () => {
    const { slot, devices } = setUp();
    await slot.on();
    const { track } = slot.snapshot;
    await expect(slot.use('gone')).rejects.toMatchObject({ code: 'ERR_MEDIA_OVERCONSTRAINED' });
    expect(slot.snapshot).toMatchObject({ state: 'live', deviceId: 'c1' });
    expect(slot.snapshot.track).toBe(track);
    expect(slot.snapshot.error?.code).toBe('ERR_MEDIA_OVERCONSTRAINED');
    expect(idsOf(devices)).toEqual(['c1']);
    await slot.use('c2');
    expect(slot.snapshot.error).toBeUndefined();
  });

  it('stops an exclusive device first when it must', async () => {
    const { slot, devices, sent } = setUp();
    devices.exclusive = true;
    await slot.on();
    await slot.use('c2');
    expect(idsOf(devices)).toEqual(['c2']);
    expect(sent.map(({ device }) => device)).toEqual(['c1', 'c2']);
    expect(slot.snapshot).toMatchObject({ state: 'live', deviceId: 'c2', error: undefined });
  });

  it('opens the exclusive device again when the new one fails after all', async () => {
    const { slot, devices, sent } = setUp();
    await slot.on();
    devices.check = ({ video }) => {
      if (JSON.stringify(video).includes('c2')) throw domError('NotReadableError');
    };
    await expect(slot.use('c2')).rejects.toMatchObject({ code: 'ERR_MEDIA_IN_USE' });
    expect(slot.snapshot).toMatchObject({ state: 'live', deviceId: 'c1' });
    expect(slot.snapshot.error?.code).toBe('ERR_MEDIA_IN_USE');
    expect(idsOf(devices)).toEqual(['c1']);
    expect(sent.map(({ device }) => device)).toEqual(['c1', 'c1']);
  });

  it('fails when neither opens any more', async () => {
    const { slot, devices, sent } = setUp();
    await slot.on();
    devices.check = () => {
      throw domError('NotReadableError');
    };
    await expect(slot.use('c2')).rejects.toMatchObject({ code: 'ERR_MEDIA_IN_USE' });
    expect(slot.snapshot).toMatchObject({ state: 'failed', track: undefined });
    expect(sent.at(-1)?.device).toBeUndefined();
    expect(idsOf(devices)).toEqual([]);
  });

  it('only remembers the choice while it is off', async () => {
    const { slot, devices } = setUp();
    await slot.use('c2');
    expect(slot.snapshot).toMatchObject({ state: 'off', deviceId: 'c2' });
    expect(devices.requests).toEqual([]);
    await slot.on();
    expect(idsOf(devices)).toEqual(['c2']);
  });

  it('starts with the chosen device after a failure', async () => {
    const { slot, devices } = setUp();
    devices.devices = [];
    await expect(slot.on()).rejects.toMatchObject({ code: 'ERR_MEDIA_NOT_FOUND' });
    devices.devices = [camera('c1'), camera('c2')];
    await slot.use('c2');
    expect(slot.snapshot).toMatchObject({ state: 'live', deviceId: 'c2' });
  });
});

describe('mute', () => {
  it('is track.enabled, and is remembered across devices', async () => {
    const { slot } = setUp('microphone');
    await slot.on();
    slot.setMuted(true);
    expect(slot.snapshot.track?.enabled).toBe(false);
    await slot.use('m2');
    expect(slot.snapshot.muted).toBe(true);
    expect(slot.snapshot.track?.enabled).toBe(false);
    slot.setMuted(false);
    expect(slot.snapshot.track?.enabled).toBe(true);
  });

  it('holds before the first track: no sound slips out', async () => {
    const { slot, sent } = setUp('microphone');
    slot.setMuted(true);
    const enabled: boolean[] = [];
    slot.attach((track) => Promise.resolve(void enabled.push(track?.enabled ?? true)));
    await slot.on();
    expect(sent).toHaveLength(1);
    expect(enabled).toEqual([false]);
  });
});

describe('wishes that come while another one is on its way', () => {
  it('a signal ends the wait, and a device that opens after all is closed again', async () => {
    const { slot, devices, sent } = setUp();
    const release = hold(devices);
    const giveUp = new AbortController();
    const starting = slot.on({ signal: giveUp.signal });
    await settle();
    giveUp.abort(new Error('never mind'));
    await expect(starting).rejects.toThrow('never mind');
    release();
    await settle();
    expect(slot.snapshot).toMatchObject({ state: 'off', error: undefined });
    expect(idsOf(devices)).toEqual([]);
    expect(sent.map(({ device }) => device)).not.toContain('c1');
    await expect(slot.on({ signal: giveUp.signal })).rejects.toThrow('never mind');
    await slot.on();
    giveUp.abort();
    expect(slot.snapshot.state).toBe('live');
  });

  it('off() during the start leaves nothing on', async () => {
    const { slot, devices, sent } = setUp();
    const release = hold(devices);
    const starting = slot.on();
    const stopping = slot.off();
    release();
    await Promise.all([starting, stopping]);
    expect(slot.snapshot.state).toBe('off');
    expect(idsOf(devices)).toEqual([]);
    expect(sent.map(({ device }) => device)).not.toContain('c1');
  });

  it('the last of several choices wins', async () => {
    const { slot, devices } = setUp();
    const release = hold(devices);
    const calls = [slot.on(), slot.use('c2'), slot.use('c1'), slot.use('c2')];
    release();
    await Promise.all(calls);
    expect(slot.snapshot).toMatchObject({ state: 'live', deviceId: 'c2' });
    expect(idsOf(devices)).toEqual(['c2']);
  });

  it("a failure that a later wish has overtaken is nobody else's", async () => {
    const { slot, devices } = setUp();
    await slot.on();
    const release = hold(devices);
    const states: string[] = [];
    slot.subscribe(() => states.push(slot.snapshot.state));
    const calls = [slot.use('gone'), slot.use('c2')];
    release();
    await expect(Promise.all(calls)).resolves.toBeDefined();
    expect(slot.snapshot).toMatchObject({ deviceId: 'c2', error: undefined });
    expect(states).not.toContain('failed');
  });

  it('off() then on() ends on', async () => {
    const { slot, devices } = setUp();
    await slot.on();
    await Promise.all([slot.off(), slot.on()]);
    expect(slot.snapshot.state).toBe('live');
    expect(idsOf(devices)).toEqual(['c1']);
  });

  it('any sequence ends in what was wished last, with at most one device on', async () => {
    const { slot, devices } = setUp();
    const wishes = ['on', 'off', 'c1', 'c2', 'on', 'c1', 'off', 'c2', 'on', 'off', 'on', 'c2'];
    for (const wish of wishes) {
      if (wish === 'on') void slot.on();
      else if (wish === 'off') void slot.off();
      else void slot.use(wish);
      if (wish === 'c1') await settle();
    }
    await settle();
    expect(slot.snapshot).toMatchObject({ state: 'live', deviceId: 'c2' });
    expect(idsOf(devices)).toEqual(['c2']);
  });
});

describe('a device that is pulled out', () => {
  it('a camera fails and waits', async () => {
    const { slot, devices, sent } = setUp();
    await slot.on();
    devices.plug(camera('c2'));
    devices.tracks[0]?.vanish();
    await settle();
    expect(slot.snapshot).toMatchObject({
      state: 'failed',
      track: undefined,
      error: { code: 'ERR_MEDIA_NOT_FOUND' },
    });
    expect(sent.at(-1)?.device).toBeUndefined();
    await slot.on();
    expect(idsOf(devices)).toEqual(['c2']);
  });

  it('a microphone goes on with another one', async () => {
    const { slot, devices, sent } = setUp('microphone');
    await slot.use('m2');
    await slot.on();
    slot.setMuted(true);
    const states: string[] = [];
    slot.subscribe(() => states.push(slot.snapshot.state));
    devices.plug(microphone('m1'));
    devices.tracks[0]?.vanish();
    await settle();
    expect(states).toEqual(['failed', 'starting', 'live']);
    expect(slot.snapshot).toMatchObject({ deviceId: 'm1', muted: true });
    expect(slot.snapshot.track?.enabled).toBe(false);
    expect(sent.at(-1)?.device).toBe('m1');
  });

  it('a microphone that has no successor stays failed, with no unhandled rejection', async () => {
    const { slot, devices } = setUp('microphone');
    await slot.on();
    devices.plug();
    devices.tracks[0]?.vanish();
    await settle();
    expect(slot.snapshot).toMatchObject({
      state: 'failed',
      error: { code: 'ERR_MEDIA_NOT_FOUND', source: 'microphone' },
    });
  });

  it('while the new one is being opened, the change goes on', async () => {
    const { slot, devices } = setUp();
    await slot.on();
    const release = hold(devices);
    const change = slot.use('c2');
    devices.tracks[0]?.vanish();
    release();
    await change;
    expect(slot.snapshot).toMatchObject({ state: 'live', deviceId: 'c2' });
  });

  it('while the new one fails to open, the slot says so', async () => {
    const { slot, devices } = setUp();
    await slot.on();
    const release = hold(devices);
    const change = slot.use('gone');
    devices.tracks[0]?.vanish();
    release();
    await expect(change).rejects.toMatchObject({ code: 'ERR_MEDIA_OVERCONSTRAINED' });
    expect(slot.snapshot).toMatchObject({ state: 'failed', track: undefined });
  });

  it('an old track that ends later changes nothing', async () => {
    const { slot, devices } = setUp();
    await slot.on();
    await slot.use('c2');
    devices.tracks[0]?.vanish();
    expect(slot.snapshot).toMatchObject({ state: 'live', deviceId: 'c2' });
  });
});

describe('connections', () => {
  it('one that cannot take the track does not hold up the others', async () => {
    const { slot, sent } = setUp();
    slot.attach(() => Promise.reject(new Error('closed')));
    await slot.on();
    expect(sent).toHaveLength(1);
  });

  it('one that has let go is not told any more', async () => {
    const { slot } = setUp();
    let told = 0;
    const detach = slot.attach(() => Promise.resolve(void (told += 1)));
    await slot.on();
    detach();
    await slot.off();
    expect(told).toBe(1);
  });
});

it('a slot whose code does not come fails, and tries again next time', async () => {
  const platform = new FakePlatform(new FakeMediaDevices(camera('c1')));
  const { acquire } = new Capture(platform);
  let isOnline = false;
  const slot = new DeviceSlot('camera', (port) =>
    isOnline
      ? Promise.resolve(new SlotControl({ ...port, platform, acquire }))
      : Promise.reject(new Error('offline')),
  );
  await expect(slot.on()).rejects.toMatchObject({ code: 'ERR_MEDIA_UNKNOWN', source: 'camera' });
  expect(slot.snapshot).toMatchObject({ state: 'failed', error: { code: 'ERR_MEDIA_UNKNOWN' } });
  await slot.off();
  isOnline = true;
  await slot.on();
  expect(slot.snapshot).toMatchObject({ state: 'live', error: undefined });
});

function cannotBeFetched(): Promise<void> {
  return Promise.reject(new Error('offline'));
}

/** Makes tracks, and remembers which of them still run. */
function workshop(name: string) {
  const made: FakeTrack[] = [];
  const transform: TrackTransform = async (device) => {
    const track = new FakeTrack('video', `${name} of ${device.getSettings().deviceId}`);
    made.push(track);
    return { track: track.dom, close: () => track.stop() };
  };
  const running = (): readonly string[] =>
    made.filter(({ readyState }) => readyState === 'live').map(({ deviceId }) => deviceId);
  return { transform, running };
}

describe('a slot whose tracks are transformed', () => {
  it('shows and sends what is made of the device, and the device itself afterwards', async () => {
    const { slot, devices, sent } = setUp();
    const blur = workshop('blur');
    await slot.on();
    await slot.transform(blur.transform);
    expect(sent.at(-1)?.device).toBe('blur of c1');
    expect(slot.snapshot).toMatchObject({ state: 'live', deviceId: 'c1' });
    expect(idsOf(devices)).toEqual(['c1']);
    await slot.transform(undefined);
    expect([sent.at(-1)?.device, blur.running(), idsOf(devices)]).toEqual(['c1', [], ['c1']]);
  });

  it('goes on with other devices, and ends with them', async () => {
    const { slot, devices, sent } = setUp();
    const blur = workshop('blur');
    await slot.transform(blur.transform);
    expect([slot.snapshot.state, blur.running()]).toEqual(['off', []]);
    await slot.on();
    await slot.use('c2');
    expect([sent.at(-1)?.device, blur.running()]).toEqual(['blur of c2', ['blur of c2']]);
    await slot.off();
    expect([blur.running(), idsOf(devices)]).toEqual([[], []]);
    await slot.on();
    expect(sent.at(-1)?.device).toBe('blur of c2');
  });

  it('a transform that fails leaves the one before in place', async () => {
    const { slot, sent } = setUp();
    const blur = workshop('blur');
    await slot.on();
    await slot.transform(blur.transform);
    const broken = slot.transform(() => Promise.reject(new Error('no model')));
    await expect(broken).rejects.toMatchObject({ source: 'camera' });
    expect([sent.at(-1)?.device, blur.running()]).toEqual(['blur of c1', ['blur of c1']]);
  });

  it('a device is sent as it is when its transform does not start', async () => {
    const { slot, sent } = setUp('microphone');
    await slot.transform(() => Promise.reject(new Error('no worklet')));
    await slot.on();
    expect(sent.at(-1)?.device).toBe('m1');
  });

  it('a camera is not sent as it is when its transform does not start', async () => {
    const { slot, devices, sent } = setUp();
    await slot.transform(() => Promise.reject(new Error('no model')));
    await expect(slot.on()).rejects.toMatchObject({ cause: { message: 'no model' } });
    expect([slot.snapshot.state, idsOf(devices), sent]).toEqual(['failed', [], []]);
    await slot.transform(undefined);
    await slot.on();
    expect(sent.at(-1)?.device).toBe('c1');
  });

  it('no device is opened while its transform fetches what it needs, nor when it is turned off meanwhile', async () => {
    const { slot, devices, sent } = setUp();
    const blur = workshop('blur');
    const gate = new Gate();
    await slot.transform(Object.assign(blur.transform, { prepare: () => gate.opened }));
    const starting = slot.on();
    await settle();
    expect([slot.snapshot.state, devices.requests]).toEqual(['starting', []]);
    const stopping = slot.off();
    gate.open();
    await Promise.all([starting, stopping]);
    expect([slot.snapshot.state, devices.requests]).toEqual(['off', []]);
    await slot.on();
    expect(sent.at(-1)?.device).toBe('blur of c1');
  });

  it('a camera is not opened when its transform cannot be prepared; a microphone is', async () => {
    const [face, voice] = [setUp(), setUp('microphone')];
    for (const { slot } of [face, voice]) {
      await slot.transform(Object.assign(workshop('none').transform, { prepare: cannotBeFetched }));
    }
    await expect(face.slot.on()).rejects.toMatchObject({ cause: { message: 'offline' } });
    expect([face.slot.snapshot.state, face.devices.requests]).toEqual(['failed', []]);
    await voice.slot.on();
    expect(voice.slot.snapshot.state).toBe('live');
  });

  it('another camera whose transform does not start leaves the one before in place', async () => {
    const { slot, devices, sent } = setUp();
    const blur = workshop('blur');
    let isOver = false;
    await slot.transform((device) =>
      isOver ? Promise.reject(new Error('no memory')) : blur.transform(device),
    );
    await slot.on();
    isOver = true;
    await expect(slot.use('c2')).rejects.toMatchObject({ source: 'camera' });
    expect([sent.at(-1)?.device, idsOf(devices)]).toEqual(['blur of c1', ['c1']]);
  });

  it('muting silences what is sent', async () => {
    const { slot } = setUp();
    slot.setMuted(true);
    await slot.transform(workshop('blur').transform);
    await slot.on();
    expect(slot.snapshot.track?.enabled).toBe(false);
  });

  it('a device that vanishes ends what was made of it', async () => {
    const { slot, devices } = setUp();
    const blur = workshop('blur');
    await slot.transform(blur.transform);
    await slot.on();
    devices.live[0]?.vanish();
    await settle();
    expect([slot.snapshot.state, blur.running()]).toEqual(['failed', []]);
  });
});
