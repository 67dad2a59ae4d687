/**
 * Our own camera, microphone and screen, usable before and during calls.
 * @module
 */
import { SILENCE } from '../insight/silence.ts';
import type { LevelSnapshot } from '../insight/silence.ts';
import { OnDemand } from '../insight/on-demand.ts';
import type { Observable } from '../observable.ts';
import type { Platform } from '../platform.ts';
import { lazily } from '../lazily.ts';
import type { Acquire } from './capture.ts';
import { DeviceList } from './devices.ts';
import type { Devices } from './devices.ts';
import { DeviceSlot } from './slot.ts';
import type { OpenOptions, Slot } from './slot.ts';
import { ScreenShare } from './screen-slot.ts';
import type { ScreenSlot } from './screen-slot.ts';
import { DEVICE_SOURCES } from './source.ts';
import type { DeviceSource } from './source.ts';

/** Our own devices. */
export interface LocalMedia {
  readonly camera: Slot;
  readonly microphone: Slot;
  readonly screen: ScreenSlot;
  readonly devices: Devices;
  /** How loud our own microphone is; measured only while somebody watches. */
  readonly level: Observable<LevelSnapshot>;
  /**
   * Turns on what is wanted, with one question to the person. When one device fails, the other one
   * still starts. Never rejects: failures are in the slots, and what the signal ends is off.
   */
  start(want: WantedDevices): Promise<void>;
}

/** What is to be turned on. */
export interface WantedDevices extends OpenOptions {
  readonly camera?: boolean;
  readonly microphone?: boolean;
}

/** The devices of this browser. */
export class DeviceMedia implements LocalMedia {
  readonly camera: DeviceSlot;
  readonly microphone: DeviceSlot;
  readonly screen: ScreenShare;
  readonly devices: DeviceList;
  readonly level: OnDemand<LevelSnapshot>;

  constructor(platform: Platform) {
    this.devices = new DeviceList(platform);
    /** Loaded apart: who comes without devices needs it never. */
    const load = lazily(async () => {
      const { Capture, SlotControl } = await import('./device-part.ts');
      return { SlotControl, capture: new Capture(platform) };
    });
    const open = (source: DeviceSource): DeviceSlot =>
      new DeviceSlot(source, async (port) => {
        const { SlotControl, capture } = await load();
        const acquire: Acquire = async (...request) => {
          const track = await capture.acquire(...request);
          void this.devices.refresh(); // now the browser tells the names
          return track;
        };
        return new SlotControl({ ...port, platform, acquire });
      });
    this.camera = open('camera');
    this.microphone = open('microphone');
    this.screen = new ScreenShare(platform);
    this.level = new OnDemand(SILENCE, async (set, signal) => {
      const { followMicrophone } = await import('../insight/follow-level.ts');
      followMicrophone(this.microphone, { setTimer: platform.setTimer, set, signal });
    });
  }

  async start(want: WantedDevices): Promise<void> {
    await Promise.allSettled(
      DEVICE_SOURCES.filter((source) => want[source]).map((s) => this[s].on(want)),
    );
  }

  /** Stops every device. */
  async close(): Promise<void> {
    await Promise.all([this.camera.off(), this.microphone.off(), this.screen.off()]);
  }
}
