/**
 * What a test and its switch, which runs in a process of its own, tell each other.
 * @module
 */
import type { LinkShape } from './link-shape.ts';

/** The cable of one host, as the host sees it. */
export interface CableShape {
  /** From the host to the switch. */
  readonly up?: LinkShape;
  /** From the switch to the host. */
  readonly down?: LinkShape;
}

/** A host to connect. */
export interface PortPlan extends CableShape {
  readonly namespace: string;
  readonly device: string;
}

/** To the switch: first `start`, then any number of `shape`. */
export type SwitchCommand =
  | { readonly type: 'start'; readonly ports: readonly PortPlan[] }
  | { readonly type: 'shape'; readonly port: number; readonly cable: CableShape };

/** From the switch, once: whether it runs. */
export type SwitchReport =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly message: string };
