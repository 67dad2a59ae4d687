/**
 * Our own camera and microphone, usable before and during calls.
 * @module
 */
import type { Platform } from '../platform.ts';
import type { Capture } from './capture.ts';
import { DeviceList } from './devices.ts';
import type { Devices } from './devices.ts';
import { DeviceSlot } from './slot.ts';
import type { Slot } from './slot.ts';
import { SOURCES } from './source.ts';
import type { Source } from './source.ts';

/** Our own devices. */
export interface LocalMedia {
  readonly camera: Slot;
  readonly microphone: Slot;
  readonly devices: Devices;
  /**
   * Turns on what is wanted, with one question to the person. When one device fails, the other one
   * still starts. Never rejects: failures are in the slots.
   */
  start(want: { readonly camera?: boolean; readonly microphone?: boolean }): Promise<void>;
}

/** The devices of this browser. */
export class DeviceMedia implements LocalMedia {
  readonly camera: DeviceSlot;
  readonly microphone: DeviceSlot;
  readonly devices: DeviceList;

  constructor(platform: Platform) {
    this.devices = new DeviceList(platform);
    /** Loaded apart: who comes without devices needs it never. */
    let capture: Promise<Capture> | undefined;
    const open = (source: Source): DeviceSlot =>
      new DeviceSlot({
        source,
        platform,
        acquire: async (...request) => {
          capture ??= import('./capture.ts').then((part) => new part.Capture(platform));
          const track = await (await capture).acquire(...request);
          void this.devices.refresh(); // now the browser tells the names
          return track;
        },
      });
    this.camera = open('camera');
    this.microphone = open('microphone');
  }

  async start(want: { readonly camera?: boolean; readonly microphone?: boolean }): Promise<void> {
    await Promise.allSettled(SOURCES.filter((source) => want[source]).map((s) => this[s].on()));
  }

  /** Stops every device. */
  async close(): Promise<void> {
    await Promise.all([this.camera.off(), this.microphone.off()]);
  }
}
