/**
 * Who has to stay outside when the server is started again: doors that keep people out, and persons who were sent
 * away. Kept in one small file of the data folder, because those inside, whose sessions tell the same, come back
 * after strangers may have. Names of rooms are not in it, only what is made of them with the secret of sessions.
 * Layout: `{"at": seconds, "doors": [[key, door, holder | ""]], "removed": [[peer, seconds]]}`.
 * Rules: docs/SPEC-signaling.md, DOOR-18 to DOOR-20.
 * @module
 */
import { createHmac } from 'node:crypto';
import { isPeerId } from '@parley/protocol';
import type { PeerId, RoomName } from '@parley/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { DoorMemory, KeptDoor } from './door-memory.ts';
import type { LedgerFile } from './ledger-file.ts';
import { isWideOpen, packDoor, unpackDoor } from './room-door.ts';

/** What a ledger works with. */
export interface DoorLedgerOptions {
  readonly file: LedgerFile;
  /** The first one makes keys, all of them are tried. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A door that is in the file. */
interface Entry extends KeptDoor {
  readonly key: string;
}

/** Doors of before the start wait so long for somebody who asks for their room. */
export const RECALL_MS = 30_000;
/** As long as sessions are good for. */
const LIFETIME_SECONDS = 86_400;
/** The first change is written at once, those that follow are gathered. */
const PAUSE_MS = 500;
const MAX_REMOVED = 4096;
const KEY_CHARACTERS = 22;
/** Keeps these keys apart from all others that are made with the same secret. */
const PURPOSE = 'parley door\n';

/** See the module comment. Its owner must `close` it. */
export class DoorLedger implements DoorMemory {
  readonly #options: DoorLedgerOptions;
  readonly #doors = new Map<RoomName, Entry>();
  /** From before the start, by their keys. */
  readonly #former = new Map<string, KeptDoor>();
  /** Since when, in seconds since 1970; oldest first. */
  readonly #removed = new Map<PeerId, number>();
  #forgetting: Timer | undefined;
  #pause: Timer | undefined;
  #isDirty = false;
  #hasFailed = false;

  constructor(options: DoorLedgerOptions) {
    this.#options = options;
    this.#read(options.file.read());
    if (this.#former.size > 0) {
      this.#forgetting = options.clock.setTimeout(() => this.#forgetFormer(), RECALL_MS);
    }
  }

  /** Those who were sent away before the start. */
  get removed(): Iterable<PeerId> {
    return this.#removed.keys();
  }

  recall(room: RoomName): KeptDoor | undefined {
    if (this.#former.size === 0) return undefined;
    for (const secret of this.#options.secrets) {
      const key = keyOf(room, secret);
      const door = this.#former.get(key);
      this.#former.delete(key);
      if (door !== undefined) return door;
    }
    return undefined;
  }

  keep(room: RoomName, { record, holder }: KeptDoor): void {
    if (isWideOpen(record)) return this.forget(room);
    const key = this.#doors.get(room)?.key ?? keyOf(room, this.#options.secrets[0] ?? '');
    this.#doors.set(room, { key, record, holder });
    this.#changed();
  }

  forget(room: RoomName): void {
    if (this.#doors.delete(room)) this.#changed();
  }

  handOver(room: RoomName): void {
    this.forget(room);
  }

  /** Somebody was sent away. */
  remove(peer: PeerId): void {
    this.#removed.set(peer, this.#options.clock.unixSeconds());
    const [oldest] = this.#removed.keys();
    if (this.#removed.size > MAX_REMOVED && oldest !== undefined) this.#removed.delete(oldest);
    this.#changed();
  }

  /** Writes what has not been written. Doors stay in the file, for the next start. Idempotent. */
  close(): void {
    const { clock } = this.#options;
    if (this.#pause !== undefined) clock.clearTimeout(this.#pause);
    if (this.#forgetting !== undefined) clock.clearTimeout(this.#forgetting);
    this.#pause = undefined;
    this.#forgetting = undefined;
    if (this.#isDirty) this.#write();
  }

  #read(text: string | undefined): void {
    const { at, doors, removed } = parseRecord(text);
    const since = this.#options.clock.unixSeconds() - LIFETIME_SECONDS;
    for (const [peer, seconds] of pairsOf(removed)) {
      const isGood = isPeerId(peer) && typeof seconds === 'number';
      if (isGood && seconds > since) this.#removed.set(peer, seconds);
    }
    if (typeof at !== 'number' || at <= since) return;
    for (const [key, packed, holder] of pairsOf(doors)) {
      const record = unpackDoor(packed);
      if (typeof key !== 'string' || record === undefined) continue;
      this.#former.set(key, { record, holder: isPeerId(holder) ? holder : undefined });
    }
  }

  #forgetFormer(): void {
    this.#forgetting = undefined;
    if (this.#former.size === 0) return;
    this.#former.clear();
    this.#changed();
  }

  #changed(): void {
    this.#isDirty = true;
    if (this.#pause !== undefined) return;
    this.#write();
    this.#pause = this.#options.clock.setTimeout(() => {
      this.#pause = undefined;
      if (this.#isDirty) this.#changed();
    }, PAUSE_MS);
  }

  #write(): void {
    const { file, clock, logger } = this.#options;
    this.#isDirty = false;
    try {
      file.write(this.#text(clock.unixSeconds()));
      this.#hasFailed = false;
    } catch (error) {
      // Sessions of those inside still tell, only later.
      if (!this.#hasFailed) logger.warn('doors of rooms cannot be kept', { error });
      this.#hasFailed = true;
    }
  }

  /** `undefined` when there is nothing to keep. */
  #text(at: number): string | undefined {
    const former = Array.from(this.#former, ([key, door]) => ({ key, ...door }));
    const entries = [...former, ...this.#doors.values()];
    if (entries.length === 0 && this.#removed.size === 0) return undefined;
    const doors = entries.map(({ key, record, holder = '' }) => [key, packDoor(record), holder]);
    return JSON.stringify({ at, doors, removed: [...this.#removed] });
  }
}

function keyOf(room: RoomName, secret: string): string {
  const mac = createHmac('sha256', secret).update(PURPOSE).update(room);
  return mac.digest('base64url').slice(0, KEY_CHARACTERS);
}

/** Total: what is no such file is an empty one. */
function parseRecord(text: string | undefined): { readonly [field: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function pairsOf(value: unknown): readonly (readonly unknown[])[] {
  return Array.isArray(value) ? value.filter((one) => Array.isArray(one)) : [];
}
