/**
 * Somebody who stands before the doors of rooms: one connected socket that is not inside yet.
 * @module
 */
import type { KnockVerdict, PeerId, RoomName } from '@parley/protocol';

/** What a visitor starts with. */
export interface VisitorOptions {
  /** Stands for where they come from; see `addressKey`. */
  readonly address: string;
  readonly knocked: (verdict: KnockVerdict) => void;
}

/** What the doors know about one connection. */
export class Visitor {
  readonly address: string;
  /** Tells them what became of their knock. */
  readonly knocked: (verdict: KnockVerdict) => void;
  /** A host has let them in; they have not come yet. */
  admission: { readonly room: RoomName; readonly untilMs: number } | undefined;
  /** A host does not want them, for as long as this connection lasts. */
  refusedBy: RoomName | undefined;
  /** Where they wait. */
  knock: { readonly room: RoomName; readonly id: PeerId } | undefined;

  constructor({ address, knocked }: VisitorOptions) {
    this.address = address;
    this.knocked = knocked;
  }
}
