/**
 * STUN and TURN: a server to run, and the parts it is made of.
 * @module
 */
export { DEFAULT_TURN_PORT, TurnServer } from './turn-server.ts';
export type {
  CredentialRequest,
  ListenAddress,
  RelayKind,
  TurnListenOptions,
  TurnServerOptions,
} from './turn-server.ts';
export type { Account, Credentials } from './auth/credentials.ts';
export { mintRestCredentials, RestCredentials, restPassword } from './auth/rest-credentials.ts';
export type {
  RestCredential,
  RestCredentialOptions,
  RestCredentialsOptions,
} from './auth/rest-credentials.ts';
export { roomTag } from './auth/rest-username.ts';
export { StaticCredentials } from './auth/static-credentials.ts';
export type { StaticUser } from './auth/static-credentials.ts';
export { UserhashIndex } from './auth/userhash-index.ts';
export { emptyTurnCounters } from './engine/counters.ts';
export type { AuthFailureReason, DropReason, TurnCounters } from './engine/counters.ts';
export type { LogFields, Logger } from './engine/logger.ts';
export { DEFAULT_LIMITS } from './engine/relay-limits.ts';
export type { RelayLimits } from './engine/relay-limits.ts';
export type { Rate } from './engine/token-bucket.ts';
export type { PortRange } from './relay/udp-relay-ports.ts';
export type { UdpBackend } from './engine/packet-socket.ts';
export { TurnClient, TurnRefusal } from './client/turn-client.ts';
export type { TurnClientErrorCode, TurnClientOptions } from './client/turn-client.ts';
export type { LinkTransport } from './client/turn-link.ts';
export { createUdpBackend } from './transport/udp-backend.ts';
export type { UdpBackendChoice, UdpBackendOptions } from './transport/udp-backend.ts';
export { emptyTransportCounters } from './transport/transport-counters.ts';
export type { TransportCounters } from './transport/transport-counters.ts';
export { PortDemultiplexer } from './transport/one-port/port-demultiplexer.ts';
export type {
  PortDemultiplexerOptions,
  TurnHandler,
} from './transport/one-port/port-demultiplexer.ts';
export type { UndecidedLimits } from './transport/one-port/undecided-sockets.ts';
export { TlsFiles } from './transport/one-port/tls-files.ts';
export type { TlsFilesOptions, TlsIdentity } from './transport/one-port/tls-files.ts';
export { attachSocket } from './transport/stream/attach-socket.ts';
export { StreamHost } from './transport/stream/stream-host.ts';
export type { StreamHostOptions, StreamLimits } from './transport/stream/stream-host.ts';
export { ThreadedTurnServer } from './thread/threaded-turn-server.ts';
export type { ThreadedTurnServerOptions, ThreadHealth } from './thread/threaded-turn-server.ts';
