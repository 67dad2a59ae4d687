/**
 * The devices of a client in a test: a camera, a microphone and a screen that can be shared.
 * @module
 */
import type { DeviceSource } from '../media/source.ts';
import { FakeDisplay } from './fake-display.ts';
import { camera, domError, FakeMediaDevices, microphone } from './fake-media-devices.ts';
import type { FakeDevice } from './fake-media-devices.ts';

/** Devices that a test plugs in and out, and refuses. */
export interface TestDevices {
  /** Tracks whose device runs: none when every light is out. */
  readonly live: readonly MediaStreamTrack[];
  /**
   * From now on every device and screen is refused with this error of the browser, such as
   * `'NotAllowedError'` (the person says no) or `'NotReadableError'` (another program has it).
   * Undefined: everything is allowed again.
   */
  refuse(errorName: string | undefined): void;
  /** Pulls the device out, also while it runs. */
  unplug(source: DeviceSource): void;
  plug(source: DeviceSource): void;
}

/** See the module comment. */
export class ClientDevices extends FakeMediaDevices {
  readonly #display = new FakeDisplay();

  constructor(sources: readonly DeviceSource[]) {
    super(...sources.map(deviceOf));
  }

  getDisplayMedia(constraints: object): Promise<MediaStream> {
    return this.#display.getDisplayMedia(constraints);
  }

  /** What a test may do with them. */
  get controls(): TestDevices {
    const running = (): readonly MediaStreamTrack[] =>
      [...this.live, ...this.#display.live].map(({ dom }) => dom);
    return {
      get live() {
        return running();
      },
      refuse: (errorName) => this.#refuse(errorName),
      unplug: (source) => this.#unplug(deviceOf(source)),
      plug: (source) => this.plug(...this.devices, deviceOf(source)),
    };
  }

  #refuse(errorName: string | undefined): void {
    const refusal = errorName === undefined ? undefined : domError(errorName);
    this.#display.refusal = refusal;
    this.check = () => {
      if (refusal !== undefined) throw refusal;
    };
  }

  #unplug({ deviceId }: FakeDevice): void {
    this.plug(...this.devices.filter((device) => device.deviceId !== deviceId));
    for (const track of this.live) if (track.deviceId === deviceId) track.vanish();
  }
}

function deviceOf(source: DeviceSource): FakeDevice {
  return source === 'camera' ? camera('camera') : microphone('microphone');
}
