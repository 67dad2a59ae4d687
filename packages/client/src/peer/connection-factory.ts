/**
 * Makes RTCPeerConnections, and keeps one ready: it has its certificate by the time the first offer
 * arrives.
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

  /** Makes sure that one connection is ready. */
  warm(): void {
    this.#spare ??= this.#create();
  }

  /** The ready connection, or a new one. The caller must close it. */
  take(): RTCPeerConnection {
    const connection = this.#spare ?? this.#create();
    this.#spare = undefined;
    return connection;
  }

  /** Closes the one kept ready. */
  close(): void {
    this.#spare?.close();
    this.#spare = undefined;
  }

  #create(): RTCPeerConnection {
    return this.#platform.createConnection(this.#configuration());
  }

  #configuration(): RTCConfiguration {
    const { iceServers, iceTransportPolicy } = this.#options;
    const all: RTCIceServer[] = [...this.#serverNamed, ...iceServers];
    return { iceServers: all, iceTransportPolicy, bundlePolicy: 'max-bundle' };
  }
}
