/**
 * What is loaded before a room is entered: how connections begin.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import type { QualityOptions } from '../client-options.ts';
import { tuneForCrowd } from '../peer/tune-description.ts';

export { preferEfficient } from './codec-order.ts';

/** What changes the descriptions of one of `peers` before our own browser takes them. */
export type TuneFor = (
  id: PeerId,
  peers: ReadonlyMap<PeerId, { readonly isVoiceTwice: boolean }>,
) => (sdp: string) => string;

/** Makes it for one room. */
export function tuneWithin({ maxUplinkBitrate }: Required<QualityOptions>): TuneFor {
  return (id, peers) =>
    tuneForCrowd(
      maxUplinkBitrate,
      () => peers.size,
      () => peers.get(id)?.isVoiceTwice === true,
    );
}
