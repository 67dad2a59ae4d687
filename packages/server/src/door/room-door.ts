/**
 * The door of one room: its settings, who holds it, who waits before it. Pure state.
 * @module
 */
import type { PeerDescription, PeerId, RoomName } from '@parley/protocol';
import type { Timer } from '../clock.ts';
import { isPasscodeRecord } from './passcode.ts';
import type { PasscodeRecord } from './passcode.ts';
import type { Visitor } from './visitor.ts';

/** What outlives a restart of the server, in the sessions of those inside. */
export interface DoorRecord {
  /** When the room was opened, in seconds since 1970; tells it from an earlier room of the same name. */
  readonly born: number;
  /** Grows with every change: of two records of one room the later one counts. */
  readonly version: number;
  readonly locked: boolean;
  readonly knock: boolean;
  readonly passcode: PasscodeRecord | undefined;
}

/** Somebody who waits to be let in. */
export interface Knock {
  readonly peer: PeerDescription;
  readonly visitor: Visitor;
}

/** A room with its door. */
export interface RoomDoor {
  readonly room: RoomName;
  record: DoorRecord;
  /** Who came first, or was given the role; may be away for a moment. */
  holder: PeerId | undefined;
  readonly knocks: Map<PeerId, Knock>;
  /** Until the role passes on, or an empty room is forgotten. */
  timer: Timer | undefined;
}

/** A door through which everybody may walk. */
export function openDoor(room: RoomName, born: number): RoomDoor {
  const record = { born, version: 0, locked: false, knock: false, passcode: undefined };
  return { room, record, holder: undefined, knocks: new Map(), timer: undefined };
}

/** True when nothing keeps anybody out. */
export function isWideOpen({ locked, knock, passcode }: DoorRecord): boolean {
  return !locked && !knock && passcode === undefined;
}

/** The short form in a session token. */
export function packDoor({ born, version, locked, knock, passcode }: DoorRecord): unknown {
  return [born, version, Number(locked), Number(knock), passcode ?? ''];
}

/** Reads what {@link packDoor} wrote; `undefined` when it is anything else. */
export function unpackDoor(value: unknown): DoorRecord | undefined {
  if (!Array.isArray(value)) return undefined;
  const [born, version, locked, knock, code]: readonly unknown[] = value;
  const isForm = typeof born === 'number' && typeof version === 'number';
  if (!isForm || !(code === '' || isPasscodeRecord(code))) return undefined;
  const passcode = code === '' ? undefined : code;
  return { born, version, locked: locked === 1, knock: knock === 1, passcode };
}
