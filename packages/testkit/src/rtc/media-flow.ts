/**
 * Whether picture or sound flows, judged from readings taken one after the other. Pure: the caller
 * reads and waits.
 * @module
 */
import type { ConnectionReading } from './connection-reading.ts';

/** Looks at the open connections of one moment; true once what was waited for has happened. */
export type FlowCheck = (open: readonly ConnectionReading[]) => boolean;

/** Something that has to become more. */
export interface GrowthRule {
  readonly read: (connection: ConnectionReading) => number;
  readonly atLeast: number;
}

/** Something that has to stay as it is, while the connection lives. */
export interface StandstillRule {
  readonly read: (connection: ConnectionReading) => number;
  /** Growth within the window that still counts as none. */
  readonly tolerance: number;
  readonly windowMs: number;
}

/** True once each of exactly `count` connections has grown since it was seen first. */
export function checkGrowth(count: number, { read, atLeast }: GrowthRule): FlowCheck {
  const firstSeen = new Map<number, number>();
  return checkEach(count, (connection) => {
    const first = firstSeen.get(connection.id);
    if (first === undefined) firstSeen.set(connection.id, read(connection));
    return first !== undefined && read(connection) - first >= atLeast;
  });
}

/**
 * True once each of exactly `count` connections has stood still for the whole window, although sound
 * packets arrived: a connection that is cut off proves nothing.
 */
export function checkStandstill(count: number, rule: StandstillRule): FlowCheck {
  const windowStarts = new Map<number, ConnectionReading>();
  return checkEach(count, (connection) => {
    const start = windowStarts.get(connection.id);
    if (start === undefined || rule.read(connection) - rule.read(start) > rule.tolerance) {
      windowStarts.set(connection.id, connection);
      return false;
    }
    const isAlive = connection.audio.packetsReceived > start.audio.packetsReceived;
    return isAlive && connection.timestampMs - start.timestampMs >= rule.windowMs;
  });
}

function checkEach(count: number, check: (connection: ConnectionReading) => boolean): FlowCheck {
  // `map` before `every`: each connection has to be looked at each time.
  return (open) => open.length === count && open.map(check).every(Boolean);
}
