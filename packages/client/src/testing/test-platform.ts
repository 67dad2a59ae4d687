/**
 * A browser made of fakes: what both tests of the SDK and tests of applications give a client.
 * @module
 */
import type { Platform, SetTimer } from '../platform.ts';
import { FakeConnection } from './fake-connection.ts';
import type { Step } from './fake-connection.ts';
import { FakeMediaDevices } from './fake-media-devices.ts';
import { FakeStream } from './fake-track.ts';

/** See the module comment. Time is up to those who extend it. */
export abstract class TestPlatform implements Platform {
  abstract readonly setTimer: SetTimer;
  readonly devices: FakeMediaDevices;
  readonly connections: FakeConnection[] = [];
  readonly permissions: Partial<Record<'camera' | 'microphone', PermissionState>> = {};
  readonly pageHideListeners: Set<() => void> = new Set();
  readonly networkListeners: Set<(isCertain: boolean) => void> = new Set();
  isSecure = true;
  /** Undefined unless a test brings one. */
  certificate: Promise<RTCCertificate> | undefined;
  /** Whether packets of other people arrive. */
  reaches: () => boolean = () => true;
  /** Holds up the connections made from now on. */
  step: Step | undefined;

  constructor(devices: FakeMediaDevices = new FakeMediaDevices()) {
    this.devices = devices;
  }

  abstract now(): number;

  get mediaDevices(): MediaDevices | undefined {
    return this.isSecure ? this.devices.dom : undefined;
  }

  /** Connections that have not been closed. */
  get open(): readonly FakeConnection[] {
    return this.connections.filter(({ signalingState }) => signalingState !== 'closed');
  }

  createConnection(configuration: RTCConfiguration): RTCPeerConnection {
    const connection = this.newConnection(configuration);
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

  /** One that reaches nobody by itself. */
  protected newConnection(configuration: RTCConfiguration): FakeConnection {
    const connection = new FakeConnection(configuration, this.step);
    connection.reaches = () => this.reaches();
    return connection;
  }
}
