/**
 * Everything the SDK takes from the browser, in one place: tests hand in their own, and an import
 * under Node or in a server-side render touches nothing.
 * @module
 */
import { clientError } from './client-error.ts';

/** Calls back once after a time; the returned function prevents it. */
export type SetTimer = (callback: () => void, delayMs: number) => () => void;

/** What a browser offers to a call. */
export interface Platform {
  /** Undefined where cameras are not offered: insecure origins, servers. */
  readonly mediaDevices: MediaDevices | undefined;
  readonly setTimer: SetTimer;
  /** Milliseconds, from any start. */
  now(): number;
  /** @throws {ParleyError} `ERR_WEBRTC_UNSUPPORTED` */
  createConnection(configuration: RTCConfiguration): RTCPeerConnection;
  /** Makes the certificate for our connections. Undefined where connections bring their own. */
  createCertificate(): Promise<RTCCertificate> | undefined;
  createStream(tracks?: MediaStreamTrack[]): MediaStream;
  /** Undefined when the browser does not say. */
  queryPermission(name: 'camera' | 'microphone'): Promise<PermissionState | undefined>;
  /** Calls `listener` when the page goes away for good; the returned function ends that. */
  onPageHide(listener: () => void): () => void;
  /** Calls `listener` when the network has changed, or may have. @default the page's own events */
  onNetworkChange?(listener: (isCertain: boolean) => void): () => void;
}

/** The real browser. Globals are read when they are needed, never at import. */
export const BROWSER_PLATFORM: Platform = {
  get mediaDevices() {
    // Browsers leave `mediaDevices` out on insecure origins, against the DOM types.
    const devices: MediaDevices | undefined = globalThis.navigator?.mediaDevices;
    return devices;
  },
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  now: () => performance.now(),
  createConnection(configuration) {
    if (typeof RTCPeerConnection === 'undefined') {
      throw clientError(
        'ERR_WEBRTC_UNSUPPORTED',
        'This browser has no WebRTC. Use a current Chrome, Edge, Firefox or Safari.',
      );
    }
    return new RTCPeerConnection(configuration);
  },
  createCertificate() {
    if (typeof RTCPeerConnection === 'undefined') return undefined;
    // The kind that browsers make by themselves. The DOM types know only what all algorithms have.
    const kind: EcKeyGenParams = { name: 'ECDSA', namedCurve: 'P-256' };
    return RTCPeerConnection.generateCertificate(kind);
  },
  createStream: (tracks = []) => new MediaStream(tracks),
  async queryPermission(name) {
    try {
      return (await navigator.permissions.query({ name })).state;
    } catch {
      return undefined; // not every browser knows these two names
    }
  },
  onPageHide(listener) {
    if (typeof addEventListener !== 'function') return () => {};
    // A page that the browser keeps may come back, and finds its place kept as well.
    const follow = ({ persisted }: PageTransitionEvent): void => {
      if (!persisted) listener();
    };
    addEventListener('pagehide', follow);
    return () => removeEventListener('pagehide', follow);
  },
};
