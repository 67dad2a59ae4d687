/**
 * What runs in every page before its own scripts.
 * @module
 */
import { forceRelay } from '../rtc/force-relay.ts';
import type { RelayTransport } from '../rtc/force-relay.ts';
import { installRtcProbe } from '../rtc/probe.ts';

/** Source texts, in the order in which they are to run. */
export function pageScripts(relay: RelayTransport | undefined): string[] {
  const probe = `(${installRtcProbe.toString()})()`;
  if (relay === undefined) return [probe];
  return [probe, `(${forceRelay.toString()})(${JSON.stringify(relay)})`];
}
