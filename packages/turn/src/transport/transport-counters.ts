/**
 * What the transports had to refuse, for a metrics page. One object is shared by every socket of a
 * relay thread; nothing is reset.
 * @module
 */

/** Running totals since the start of the relay thread. */
export interface TransportCounters {
  /** Datagrams not sent because the system's send buffer was full. */
  udpSendDropped: number;
  /** Datagrams the system refused to send: unreachable, too long, forbidden by a firewall. `batch` only. */
  udpSendFailed: number;
  /** Received datagrams dropped because they exceed {@link MAX_DATAGRAM_BYTES}. */
  udpOversized: number;
  /** Packets dropped because a TCP or TLS client did not read fast enough. */
  streamSendDropped: number;
  /** Frames received over TCP or TLS and dropped because they exceed what a datagram carries. */
  streamOversized: number;
  /** TCP or TLS connections refused, or closed for others, because there were too many. */
  streamRefused: number;
  /** TCP or TLS connections closed for bytes that are no STUN and no ChannelData. */
  streamMalformed: number;
  /** TCP or TLS connections closed for silence, a stalled frame, or want of an allocation. */
  streamTimedOut: number;
}

/** Longest datagram received: room for any packet of a 1500-byte path. Longer ones are dropped. */
export const MAX_DATAGRAM_BYTES = 1976;

/** Counters at zero. */
export function emptyTransportCounters(): TransportCounters {
  return {
    udpSendDropped: 0,
    udpSendFailed: 0,
    udpOversized: 0,
    streamSendDropped: 0,
    streamOversized: 0,
    streamRefused: 0,
    streamMalformed: 0,
    streamTimedOut: 0,
  };
}
