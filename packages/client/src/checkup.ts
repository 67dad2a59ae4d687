/**
 * `@parley/client/checkup`: what a browser can find out about its way to a Parley server before a call.
 * An entry of its own: no call loads it. Documentation: docs/SDK.md, "Checking a connection".
 * @module
 */
export { checkConnection } from './checkup/check-connection.ts';
export type { CheckConnectionOptions } from './checkup/check-connection.ts';
export type {
  CheckName,
  Finding,
  FindingReason,
  FindingStatus,
  FindingValues,
} from './checkup/finding.ts';
