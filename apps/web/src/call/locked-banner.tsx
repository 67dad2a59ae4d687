/**
 * Tells people whose link has no key that they have not got the whole link. What it says is fetched then.
 * @module
 */
import type { RemotePeer } from '@parley/client';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { observe } from '../ui/observe.ts';
import { lazyCard } from './lazy-card.ts';
import { peerStatus } from './peer-status.ts';

/** Shown while somebody in the call cannot be reached without a key. */
export function LockedBanner({ peers }: { peers: readonly RemotePeer[] }): JSX.Element | null {
  const snapshots = useMemo(() => peers.map(observe), [peers]);
  const isLocked = snapshots.some(({ value }) => peerStatus(value) === 'call.state.locked');
  return isLocked ? <Line /> : null;
}

const Line = lazyCard((cards) => cards.LockedProblem);
