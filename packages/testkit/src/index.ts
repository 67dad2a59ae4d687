/**
 * Private test tools: a clock that tests move, browsers with fake devices, a look into their
 * connections, and the server as a process.
 * @module
 */
export { FAKE_CAMERAS } from './browser/fake-devices.ts';
export { findBrowser } from './browser/find-browser.ts';
export type { BrowserName } from './browser/find-browser.ts';
export { launchBrowser } from './browser/launch-browser.ts';
export { PAGE_OPTIONS } from './browser/test-page.ts';
export type {
  AccessibleName,
  BrowserOptions,
  Look,
  PageOptions,
  Role,
  TestBrowser,
  TestPage,
} from './browser/test-page.ts';
export { eventually } from './eventually.ts';
export type { EventuallyOptions } from './eventually.ts';
export { FakeClock } from './fake-clock.ts';
export type { FakeTimer } from './fake-clock.ts';
export { freePort, isListening } from './free-port.ts';
export { buildInternet } from './netlab/internet.ts';
export type { CallerNetwork, Internet, PublicServer } from './netlab/internet.ts';
export type { LabHost } from './netlab/lab-host.ts';
export type { Dependence, NatBehaviour, Outbound } from './netlab/nat-rules.ts';
export { openNetworkLab } from './netlab/network-lab.ts';
export type { CableEnd, NetworkLab } from './netlab/network-lab.ts';
export { NETWORK_KINDS, NETWORK_PLANS, canConnectDirectly, hasUdp } from './netlab/network-kind.ts';
export type { NetworkKind, NetworkPlan } from './netlab/network-kind.ts';
export type { NetworkObservation } from './netlab/probe/network-observation.ts';
export { block, blockUdp, move, unblock } from './netlab/network-faults.ts';
export type { NetworkPlace } from './netlab/network-faults.ts';
export { observeNetwork, ping, startMirror } from './netlab/probe/observe-network.ts';
export type { Mirror, PingOptions } from './netlab/probe/observe-network.ts';
export type { LinkShape } from './netlab/switch/link-shape.ts';
export { startShapedSwitch } from './netlab/switch/shaped-switch.ts';
export type { ShapedCable, ShapedSwitch } from './netlab/switch/shaped-switch.ts';
export type { CableShape } from './netlab/switch/switch-messages.ts';
export {
  expectConnected,
  expectNoPicture,
  expectPicture,
  expectSilence,
  expectSound,
  readConnections,
  readCallConnections,
  readOpenConnections,
} from './rtc/media-expectations.ts';
export {
  isPictureBack,
  readLongestGapMs,
  readPictureGapMs,
  startMediaClock,
} from './rtc/media-clock.ts';
export { readPlayers } from './rtc/players.ts';
export type { PlayerReading } from './rtc/players.ts';
export type { ConnectionReading } from './rtc/connection-reading.ts';
export type { RelayTransport } from './rtc/force-relay.ts';
export type { RtcProbe, SenderReading } from './rtc/probe.ts';
export { startRedis } from './redis/redis-process.ts';
export type { RedisProcess } from './redis/redis-process.ts';
export { startServerProcess } from './server/server-process.ts';
export type { ServerProcess, ServerProcessOptions } from './server/server-process.ts';
export { startTcpBalancer } from './server/tcp-balancer.ts';
export type { TcpBalancer } from './server/tcp-balancer.ts';
export { TLS_IDENTITY } from './tls/tls-identity.ts';
export { startAcmeServer } from './acme/acme-server.ts';
export type { AcmeServer, AcmeSettings } from './acme/acme-server.ts';
