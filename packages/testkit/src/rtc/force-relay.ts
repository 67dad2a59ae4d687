/**
 * Lets the connections of a page use nothing but a relay, reached in one way. Runs inside the page,
 * before the page's own scripts.
 * @module
 */

/** How a page reaches the relay: TURN over UDP, over TCP, or over TLS. */
export type RelayTransport = 'udp' | 'tcp' | 'tls';

/** Stands alone: its source text is sent to the page. */
export function forceRelay(transport: RelayTransport): void {
  const wanted = {
    udp: /^turn:.*transport=udp/u,
    tcp: /^turn:.*transport=tcp/u,
    tls: /^turns:/u,
  }[transport];

  function relayOnly(configuration: RTCConfiguration = {}): RTCConfiguration {
    const iceServers: RTCIceServer[] = [];
    for (const server of configuration.iceServers ?? []) {
      const urls = [server.urls].flat().filter((url) => wanted.test(url));
      if (urls.length > 0) iceServers.push({ ...server, urls });
    }
    return { ...configuration, iceServers, iceTransportPolicy: 'relay' };
  }

  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(relayOnly(configuration));
    }

    override setConfiguration(configuration?: RTCConfiguration): void {
      super.setConfiguration(relayOnly(configuration));
    }
  };
}
