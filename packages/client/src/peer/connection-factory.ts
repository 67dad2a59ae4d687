/**
 * Makes RTCPeerConnections, and keeps one ready before the first offer arrives, with candidates where
 * the browser gathers ahead. All have the same certificate, so that a safety code stays what it was
 * when a connection is rebuilt.
 * @module
 */
import type { IceServer } from '@parley/protocol';
import type { Platform } from '../platform.ts';

/** The application's part of the configuration. */
export interface ConnectionOptions {
  readonly iceServers: readonly RTCIceServer[];
  readonly iceTransportPolicy: RTCIceTransportPolicy;
}

type FactoryPlatform = Pick<Platform, 'createConnection' | 'createCertificate' | 'setTimer'>;

/** Wait before another connection is made ready. */
const WARMING_DELAY_MS = 2_000;

/** Hands out connections that know the newest ICE servers. */
export class ConnectionFactory {
  readonly #platform: FactoryPlatform;
  readonly #options: ConnectionOptions;
  #serverNamed: readonly IceServer[] = [];
  #spare: RTCPeerConnection | undefined;
  /** Undefined: none is kept ready. */
  #cancelWarming: (() => void) | undefined;
  #certifying: Promise<void> | undefined;
  #certificates: RTCCertificate[] | undefined;

  constructor(platform: FactoryPlatform, options: ConnectionOptions) {
    this.#platform = platform;
    this.#options = options;
  }

  /** Takes note of the ICE servers that the server has named; they go before the application's. */
  useIceServers(iceServers: readonly IceServer[]): void {
    // Whatever has gathered candidates would do so again, with nothing to gain.
    if (JSON.stringify(iceServers) === JSON.stringify(this.#serverNamed)) return;
    this.#serverNamed = iceServers;
    this.#spare?.setConfiguration(this.#configuration());
  }

  /** Gives a connection that was handed out the newest ICE servers, and what `change` makes of them. */
  reconfigure(
    connection: RTCPeerConnection,
    change = (configuration: RTCConfiguration): RTCConfiguration => configuration,
  ): void {
    // The application can reach the connection, and may have closed it.
    if (connection.signalingState === 'closed') return;
    connection.setConfiguration(change(this.#configuration()));
  }

  /**
   * Makes sure that one connection is ready; from now on another follows each that is taken. To be
   * awaited before the first `take()`: browsers let no connection change its certificate, nor leave it
   * out when they are told of other ICE servers.
   */
  async warm(): Promise<void> {
    this.#cancelWarming?.();
    this.#cancelWarming = () => {};
    this.#certifying ??= this.#certify();
    if (this.#certifying !== undefined) await this.#certifying;
    if (this.#cancelWarming !== undefined) this.#spare ??= this.#create();
  }

  /** The ready connection, or a new one. The caller must close it. */
  take(): RTCPeerConnection {
    const connection = this.#spare ?? this.#create();
    this.#spare = undefined;
    if (this.#cancelWarming !== undefined) {
      this.#cancelWarming();
      // Not at once: whoever took this one has more urgent things to do.
      this.#cancelWarming = this.#platform.setTimer(() => void this.warm(), WARMING_DELAY_MS);
    }
    return connection;
  }

  /** Closes the one kept ready, and keeps none from now on. */
  close(): void {
    this.#cancelWarming?.();
    this.#cancelWarming = undefined;
    this.#spare?.close();
    this.#spare = undefined;
  }

  #certify(): Promise<void> | undefined {
    const making = this.#platform.createCertificate();
    return making && this.#useCertificate(making);
  }

  async #useCertificate(making: Promise<RTCCertificate>): Promise<void> {
    try {
      this.#certificates = [await making];
    } catch {
      // Then each connection makes its own.
    }
  }

  #create(): RTCPeerConnection {
    return this.#platform.createConnection(this.#configuration());
  }

  #configuration(): RTCConfiguration {
    const { iceServers, iceTransportPolicy } = this.#options;
    const all: RTCIceServer[] = [...this.#serverNamed, ...iceServers];
    return {
      iceServers: all,
      iceTransportPolicy,
      bundlePolicy: 'max-bundle',
      iceCandidatePoolSize: 1, // one bundle needs one pool
      ...(this.#certificates && { certificates: this.#certificates }),
    };
  }
}
