/**
 * A browser made of fakes.
 * @module
 */
import { FakeClock } from '@parley/testkit';
import type { Platform } from '../../src/platform.ts';
import { FakeConnection } from './fake-connection.ts';
import type { Step } from './fake-connection.ts';
import { FakeMediaDevices } from './fake-media-devices.ts';
import { FakeStream } from './fake-track.ts';

/** See the module comment. */
export class FakePlatform implements Platform {
  readonly clock: FakeClock = new FakeClock();
  readonly devices: FakeMediaDevices;
  readonly connections: FakeConnection[] = [];
  readonly permissions: Partial<Record<'camera' | 'microphone', PermissionState>> = {};
  readonly pageHideListeners = new Set<() => void>();
  readonly networkListeners = new Set<(isCertain: boolean) => void>();
  isSecure = true;
  /** Undefined unless a test brings one. */
  certificate: Promise<RTCCertificate> | undefined;
  /** Holds up the connections made from now on. */
  step: Step | undefined;
  /** Whether packets of other people arrive. */
  reaches: () => boolean = () => true;

  constructor(devices: FakeMediaDevices = new FakeMediaDevices()) {
    this.devices = devices;
  }

  get mediaDevices(): MediaDevices | undefined {
    return this.isSecure ? this.devices.dom : undefined;
  }

  /** Connections that have not been closed. */
  get open(): readonly FakeConnection[] {
    return this.connections.filter(({ signalingState }) => signalingState !== 'closed');
  }

  readonly setTimer = (callback: () => void, delayMs: number): (() => void) => {
    const timer = this.clock.setTimeout(callback, delayMs);
    return () => this.clock.clearTimeout(timer);
  };

  now(): number {
    return this.clock.now();
  }

  createConnection(configuration: RTCConfiguration): RTCPeerConnection {
    const connection = new FakeConnection(configuration, this.step);
    connection.reaches = () => this.reaches();
    this.connections.push(connection);
    return connection.dom;
  }

  createCertificate(): Promise<RTCCertificate> | undefined {
    return this.certificate;
  }

  createStream(tracks: MediaStreamTrack[] = []): MediaStream {
    return new FakeStream(tracks).dom;
  }

  queryPermission(name: 'camera' | 'microphone'): Promise<PermissionState | undefined> {
    return Promise.resolve(this.permissions[name]);
  }

  onPageHide(listener: () => void): () => void {
    this.pageHideListeners.add(listener);
    return () => this.pageHideListeners.delete(listener);
  }

  onNetworkChange(listener: (isCertain: boolean) => void): () => void {
    this.networkListeners.add(listener);
    return () => this.networkListeners.delete(listener);
  }
}
