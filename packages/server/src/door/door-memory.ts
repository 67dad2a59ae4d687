/**
 * Where doors are remembered that keep people out, for when the process that knows them is gone.
 * @module
 */
import type { PeerId, RoomName } from '@parley/protocol';
import type { DoorRecord } from './room-door.ts';

/** A door as it was. */
export interface KeptDoor {
  readonly record: DoorRecord;
  readonly holder: PeerId | undefined;
}

/** See the module comment. */
export interface DoorMemory {
  /** The door that this room had, before it was ours; told once. */
  recall(room: RoomName): KeptDoor | undefined;
  /** How a door of ours is now. One that keeps nobody out is not kept. */
  keep(room: RoomName, door: KeptDoor): void;
  /** There is no such room any more. */
  forget(room: RoomName): void;
  /** The room has its home at another node. */
  handOver(room: RoomName): void;
}
