/**
 * Which of the connections of a page carries the call.
 * @module
 */
import { readConnections } from '@parley/testkit';
import type { ConnectionReading, TestPage } from '@parley/testkit';

/** The newest connection that somebody is connected to, as far as the browser knows. */
export async function readLinkInUse(page: TestPage): Promise<ConnectionReading | undefined> {
  const connections = await readConnections(page);
  return connections.findLast(({ state, hasPeer }) => state === 'connected' && hasPeer);
}

/** In words: whether it is the one of before, and where its two ends are reached. */
export function tellCarrier(
  before: ConnectionReading | undefined,
  after: ConnectionReading | undefined,
): string {
  if (after === undefined) return 'none';
  const path = `${after.path?.local ?? '?'} to ${after.path?.remote ?? '?'}`;
  return `${after.id === before?.id ? 'the same' : 'another'} connection, ${path}`;
}
