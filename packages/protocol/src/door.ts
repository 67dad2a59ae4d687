/**
 * The door of a room: who may come in, who decides that, and what the host can ask of the server.
 * Rules: docs/SPEC-signaling.md, DOOR-1 and the following.
 * @module
 */
import { refuse } from './errors.ts';
import type { Refused } from './errors.ts';
import { MAX_PASSCODE_LENGTH, MIN_PASSCODE_LENGTH } from './limits.ts';
import { isPeerId } from './peer-id.ts';
import type { PeerDescription, PeerId } from './peer-id.ts';

/** What somebody may do in a room. */
export type Role = 'host' | 'guest';

/** Tells whether `value` is a {@link Role}. */
export function isRole(value: unknown): value is Role {
  return value === 'host' || value === 'guest';
}

/** The door of a room as one of those inside sees it. */
export interface DoorState {
  /** Our own role. */
  readonly role: Role;
  /** Who is a host, ourselves included. */
  readonly hosts: readonly PeerId[];
  /** Nobody new comes in. */
  readonly locked: boolean;
  /** Whoever comes is let in by a host, or not. */
  readonly knock: boolean;
  /** Whoever comes has to know the passcode. */
  readonly passcode: boolean;
  /** Who waits to be let in, longest first; empty for guests. Names are untrusted text. */
  readonly knocks: readonly PeerDescription[];
}

/** What became of a knock. */
export type KnockVerdict = 'admitted' | 'refused';

/** What a host does with one person: `admit` and `refuse` with one who waits, the rest inside. */
export const PERSON_ACTIONS = ['admit', 'refuse', 'remove', 'mute', 'promote'] as const;
/** One of the things that a host does with a person. */
export type PersonAction = (typeof PERSON_ACTIONS)[number];

/** New settings of a door; what is left out stays. */
export interface DoorChange {
  readonly locked?: boolean;
  readonly knock?: boolean;
  /** `null` takes the passcode away. */
  readonly passcode?: string | null;
}

/** What a host asks for. */
export type HostRequest =
  | { readonly do: PersonAction; readonly id: PeerId }
  | ({ readonly do: 'door' } & DoorChange);

/** A `host` message that has the right form. */
export type HostMessage = HostRequest & { readonly ok: true };

const BAD_REQUEST: Refused = refuse(
  'ERR_MESSAGE_SCHEMA',
  "host takes {do, id}, or {do: 'door', locked?, knock?, passcode?}.",
);
const BAD_PASSCODE: Refused = refuse(
  'ERR_MESSAGE_SCHEMA',
  `A passcode is text of ${MIN_PASSCODE_LENGTH} to ${MAX_PASSCODE_LENGTH} characters.`,
);

/** Decodes the argument of `host`. Total: a value or a refusal. */
export function decodeHostRequest(value: unknown): HostMessage | Refused {
  if (typeof value !== 'object' || value === null) return BAD_REQUEST;
  const { do: action, id, ...change }: { readonly [field: string]: unknown } = { ...value };
  if (action === 'door') return decodeChange(change);
  const known = PERSON_ACTIONS.find((one) => one === action);
  return known !== undefined && isPeerId(id) ? { ok: true, do: known, id } : BAD_REQUEST;
}

function decodeChange(change: { readonly [field: string]: unknown }): HostMessage | Refused {
  const { locked, knock, passcode } = change;
  if (!isFlag(locked) || !isFlag(knock)) return BAD_REQUEST;
  const code = passcode === undefined || passcode === null ? passcode : parsePasscode(passcode);
  const isMissing = code === undefined && passcode !== undefined;
  if (isMissing || (typeof code === 'string' && code.length < MIN_PASSCODE_LENGTH)) {
    return BAD_PASSCODE;
  }
  return {
    ok: true,
    do: 'door',
    ...(locked !== undefined && { locked }),
    ...(knock !== undefined && { knock }),
    ...(code !== undefined && { passcode: code }),
  };
}

/** The canonical form of a passcode that somebody typed; `undefined` when it cannot be one. */
export function parsePasscode(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_PASSCODE_LENGTH) return undefined;
  const passcode = value.normalize('NFC').trim();
  return passcode.length <= MAX_PASSCODE_LENGTH ? passcode : undefined;
}

function isFlag(value: unknown): value is boolean | undefined {
  return value === undefined || typeof value === 'boolean';
}
