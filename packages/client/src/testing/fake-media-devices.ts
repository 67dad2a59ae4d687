/**
 * Cameras and microphones that a test plugs in and out, refuses and blocks.
 * @module
 */
import { asDom } from './dom.ts';
import { FakeStream, FakeTrack } from './fake-track.ts';

/** One device. */
export interface FakeDevice {
  readonly kind: 'audioinput' | 'videoinput' | 'audiooutput';
  readonly deviceId: string;
  readonly label: string;
}

/** A camera. */
export function camera(deviceId: string): FakeDevice {
  return { kind: 'videoinput', deviceId, label: `Camera ${deviceId}` };
}

/** A microphone. */
export function microphone(deviceId: string): FakeDevice {
  return { kind: 'audioinput', deviceId, label: `Microphone ${deviceId}` };
}

/** What a browser throws, by name. */
export function domError(name: string, message = ''): DOMException {
  return new DOMException(message, name);
}

/** See the module comment. */
export class FakeMediaDevices extends EventTarget {
  devices: readonly FakeDevice[];
  /** Every request so far. */
  readonly requests: MediaStreamConstraints[] = [];
  /** Every track given out so far. */
  readonly tracks: FakeTrack[] = [];
  /** Only one camera can be open at a time, as on many phones. */
  exclusive = false;
  /** Throws here refuse a request. */
  check: (constraints: MediaStreamConstraints) => void = () => {};
  /** Requests wait for this. */
  gate: Promise<void> = Promise.resolve();
  readonly #listening = new Set<EventListener>();

  constructor(...devices: readonly FakeDevice[]) {
    super();
    this.devices = devices;
  }

  get dom(): MediaDevices {
    return asDom('mediaDevices', this);
  }

  get listeners(): number {
    return this.#listening.size;
  }

  /** Tracks whose device is on. */
  get live(): readonly FakeTrack[] {
    return this.tracks.filter(({ readyState }) => readyState === 'live');
  }

  async getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.requests.push(constraints);
    await this.gate;
    this.check(constraints);
    const wanted: FakeDevice[] = [];
    if (constraints.audio) wanted.push(this.#find('audioinput', constraints.audio));
    if (constraints.video) wanted.push(this.#find('videoinput', constraints.video));
    const opened = wanted.map((device) => this.#open(device));
    return new FakeStream(opened.map((track) => track.dom)).dom;
  }

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return Promise.resolve(this.devices.map((device) => asDom('device', device)));
  }

  /** Changes what is plugged in. */
  plug(...devices: readonly FakeDevice[]): void {
    this.devices = devices;
    this.dispatchEvent(new Event('devicechange'));
  }

  override addEventListener(type: string, listener: EventListener): void {
    this.#listening.add(listener);
    super.addEventListener(type, listener);
  }

  override removeEventListener(type: string, listener: EventListener): void {
    this.#listening.delete(listener);
    super.removeEventListener(type, listener);
  }

  #find(kind: FakeDevice['kind'], constraints: boolean | MediaTrackConstraints): FakeDevice {
    const exact = typeof constraints === 'object' ? exactIdOf(constraints) : undefined;
    const ofKind = this.devices.filter((device) => device.kind === kind);
    if (ofKind.length === 0) throw domError('NotFoundError', 'Requested device not found');
    const found = exact === undefined ? ofKind[0] : ofKind.find((d) => d.deviceId === exact);
    if (found === undefined) throw domError('OverconstrainedError');
    return found;
  }

  #open({ kind, deviceId }: FakeDevice): FakeTrack {
    const trackKind = kind === 'videoinput' ? 'video' : 'audio';
    const isBusy = this.live.some((track) => track.kind === trackKind);
    if (this.exclusive && isBusy) throw domError('NotReadableError', 'Could not start source');
    const track = new FakeTrack(trackKind, deviceId);
    this.tracks.push(track);
    return track;
  }
}

function exactIdOf({ deviceId }: MediaTrackConstraints): string | undefined {
  if (typeof deviceId !== 'object' || Array.isArray(deviceId)) return undefined;
  return typeof deviceId.exact === 'string' ? deviceId.exact : undefined;
}
