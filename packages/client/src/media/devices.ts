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
    const { mediaDevices } = this.#platform;
    if (!this.watched) {
      mediaDevices?.addEventListener('devicechange', this.#refresh);
      this.#refresh();
    }
    const undo = super.subscribe(onChange);
    return () => {
      undo();
      if (!this.watched) mediaDevices?.removeEventListener('devicechange', this.#refresh);
    };
  }

  async refresh(): Promise<void> {
    try {
      const { listDevices } = await import('./list-devices.ts');
      this.update(await listDevices(this.#platform, () => this.snapshot));
    } catch {
      // The list stays as it was; it is asked for again at the next change.
    }
  }
}
