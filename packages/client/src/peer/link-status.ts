/**
 * The link to one peer as applications see it. Who looks at the connection sets it.
 * @module
 */
import { Store } from '../observable.ts';
import type { LinkDescription } from './link-description.ts';

/** The link to a peer at one moment. */
export interface LinkSnapshot extends LinkDescription {
  /**
   * `unstable`: nothing has come for a moment; `recovering`: it is being repaired, which needs nothing
   * from the application; `lost`: for more than a minute, and tried only now and then.
   */
  readonly state: 'connecting' | 'connected' | 'unstable' | 'recovering' | 'lost' | 'closed';
}

/** See the module comment. */
export class LinkStatus extends Store<LinkSnapshot> {
  /** Why the peer gets less than it could show; the governor knows. */
  heldBackBy: 'bandwidth' | 'cpu' | undefined;

  constructor() {
    super({
      state: 'connecting',
      path: undefined,
      rttMs: undefined,
      quality: 'good',
      limitedBy: 'none',
    });
  }

  /** Takes over what has changed. */
  set(patch: Partial<LinkSnapshot>): void {
    this.update(patch);
  }

  /** The peer is gone. */
  close(): void {
    this.update({ state: 'closed' });
  }
}
