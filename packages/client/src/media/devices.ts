/**
 * Which cameras, microphones and speakers there are. Listens to the browser only while somebody
 * listens here.
 * @module
 */
import { Store } from '../observable.ts';
import type { Observable } from '../observable.ts';
import type { Platform } from '../platform.ts';

/** The devices at one moment. Empty until the person has allowed the use of one. */
export interface DevicesSnapshot {
  readonly cameras: readonly MediaDeviceInfo[];
  readonly microphones: readonly MediaDeviceInfo[];
  readonly speakers: readonly MediaDeviceInfo[];
}

/** The list of devices; follows what is plugged in and out while it is being watched. */
export interface Devices extends Observable<DevicesSnapshot> {
  /** Asks the browser again. Never rejects. */
  refresh(): Promise<void>;
}

/** The browser's list of devices. */
export class DeviceList extends Store<DevicesSnapshot> implements Devices {
  readonly #platform: Pick<Platform, 'mediaDevices'>;
  readonly #refresh = (): void => void this.refresh();

  constructor(platform: Pick<Platform, 'mediaDevices'>) {
    super({ cameras: [], microphones: [], speakers: [] });
    this.#platform = platform;
  }

  override subscribe(onChange: () => void): () => void {
    const isFirst = !this.watched;
    const undo = super.subscribe(onChange);
    if (isFirst) {
      this.#platform.mediaDevices?.addEventListener('devicechange', this.#refresh);
      this.#refresh();
    }
    return () => {
      undo();
      if (!this.watched) {
        this.#platform.mediaDevices?.removeEventListener('devicechange', this.#refresh);
      }
    };
  }

  async refresh(): Promise<void> {
    const found = await this.#enumerate();
    const { cameras, microphones, speakers } = this.snapshot;
    this.update({
      cameras: keepIfSame(cameras, ofKind(found, 'videoinput')),
      microphones: keepIfSame(microphones, ofKind(found, 'audioinput')),
      speakers: keepIfSame(speakers, ofKind(found, 'audiooutput')),
    });
  }

  async #enumerate(): Promise<readonly MediaDeviceInfo[]> {
    try {
      return (await this.#platform.mediaDevices?.enumerateDevices()) ?? [];
    } catch {
      return [];
    }
  }
}

/** Before permission browsers give one entry without an id for each kind: nothing one could choose. */
function ofKind(devices: readonly MediaDeviceInfo[], kind: MediaDeviceKind): MediaDeviceInfo[] {
  return devices.filter((device) => device.kind === kind && device.deviceId !== '');
}

function keepIfSame(
  before: readonly MediaDeviceInfo[],
  after: readonly MediaDeviceInfo[],
): readonly MediaDeviceInfo[] {
  return JSON.stringify(before) === JSON.stringify(after) ? before : after;
}
