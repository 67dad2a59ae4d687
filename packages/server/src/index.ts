/**
 * The one server of Parley. `startServer` runs the page, signaling and STUN on one port.
 * @module
 */
export type { Logger, LogFields } from './logger.ts';
export { DEFAULT_PORT, DEFAULT_RATE_LIMIT } from './options.ts';
export type { ServerOptions } from './options.ts';
export type { RelayStats } from './relay/relay-server.ts';
export { startServer } from './server.ts';
export type { PortRange, RelayMode, RelayOptions, UdpChoice } from './relay/relay-options.ts';
export type { ParleyServer } from './running-server.ts';
export type { StartErrorCode } from './server.ts';
export type { ServerStats } from './server-stats.ts';
export type { RateLimit } from './token-bucket.ts';
