/**
 * Makes RTCPeerConnections, and keeps one ready before the first offer arrives. All have the same
 * certificate, so that a safety code stays what it was when a connection is rebuilt.
 * @module
 */
import type { IceServer } from '@parley/protocol';
import type { Platform } from '../platform.ts';

/** The application's part of the configuration. */
export interface ConnectionOptions {
  readonly iceServers: readonly RTCIceServer[];
  readonly iceTransportPolicy: RTCIceTransportPolicy;
}

/** Hands out connections that know the newest ICE servers. */
export class ConnectionFactory {
  readonly #platform: Platform;
  readonly #options: ConnectionOptions;
  #serverNamed: readonly IceServer[] = [];
  #spare: RTCPeerConnection | undefined;
  #isWarm = false;
  #certifying: Promise<void> | undefined;
  #certificates: RTCCertificate[] | undefined;

  constructor(platform: Platform, options: ConnectionOptions) {
    this.#platform = platform;
    this.#options = options;
  }

  /** Takes note of the ICE servers that the server has named; they go before the application's. */
  useIceServers(iceServers: readonly IceServer[]): void {
    this.#serverNamed = iceServers;
    this.#spare?.setConfiguration(this.#configuration());
  }

  /** Gives a connection that was handed out the newest ICE servers. */
  renew(connection: RTCPeerConnection): void {
    // The application can reach the connection, and may have closed it.
    if (connection.signalingState !== 'closed') connection.setConfiguration(this.#configuration());
  }

  /**
   * Makes sure that one connection is ready. To be awaited before the first `take()`: browsers let no
   * connection change its certificate, nor leave it out when they are told of other ICE servers.
   */
  async warm(): Promise<void> {
    this.#isWarm = true;
    this.#certifying ??= this.#certify();
    if (this.#certifying !== undefined) await this.#certifying;
    if (this.#isWarm) this.#spare ??= this.#create();
  }

  /** The ready connection, or a new one. The caller must close it. */
  take(): RTCPeerConnection {
    const connection = this.#spare ?? this.#create();
    this.#spare = undefined;
    return connection;
  }

  /** Closes the one kept ready. */
  close(): void {
    this.#isWarm = false;
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
    const certificates = this.#certificates && { certificates: this.#certificates };
    return { iceServers: all, iceTransportPolicy, bundlePolicy: 'max-bundle', ...certificates };
  }
}
