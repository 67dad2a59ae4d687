/**
 * What nodes say to each other. A session is named by a number that its edge, the node with the socket,
 * has given it; its home is the node that has the room.
 * @module
 */
import type { ByeReason, KnockVerdict, PeerId, Refusal, RoomName } from '@parley/protocol';
import type { Signal } from '../membership/membership.ts';

/** From the edge to the home of a session. */
export type EdgeFrame =
  | { readonly is: 'open'; readonly session: number; readonly address: string }
  | {
      readonly is: 'say';
      readonly session: number;
      readonly event: unknown;
      readonly args: readonly unknown[];
      /** Names the answer; absent: none is wanted. */
      readonly ack?: number;
    }
  | { readonly is: 'close'; readonly session: number; readonly reason?: ByeReason };

/** From the home of a session to its edge. */
export type HomeFrame =
  | { readonly is: 'reply'; readonly session: number; readonly ack: number; readonly reply: object }
  | {
      readonly is: 'signal';
      readonly session: number;
      readonly signal: Signal;
      readonly seq: number;
    }
  | {
      readonly is: 'error';
      readonly session: number;
      readonly refusal: Refusal;
      readonly event: string;
    }
  | { readonly is: 'knocked'; readonly session: number; readonly verdict: KnockVerdict }
  /** `cut`: it can come back at once. `disconnect`: we want no more of it. `elsewhere`: we are not the home. */
  | {
      readonly is: 'drop';
      readonly session: number;
      readonly how: 'cut' | 'disconnect' | 'elsewhere';
    };

/** How a door is now. */
export interface DoorNews {
  readonly room: RoomName;
  /** As sessions have it; absent: it keeps nobody out any more. */
  readonly door?: unknown;
  readonly holder?: PeerId | undefined;
}

/** Between any two. */
export type NewsFrame =
  /** Somebody is gone for good; whoever was removed does not come back. */
  | { readonly is: 'gone'; readonly peer: PeerId; readonly reason: ByeReason }
  /** An access token is good for nothing any more. */
  | { readonly is: 'spent'; readonly tokenKey: string; readonly endsAtSeconds: number }
  /** A door has changed that keeps people out, or did. */
  | { readonly is: 'door'; readonly news: DoorNews }
  /** All of them that the sender has. */
  | { readonly is: 'doors'; readonly doors: readonly DoorNews[] }
  /** A page says goodbye with its session. */
  | { readonly is: 'leave'; readonly token: string }
  | { readonly is: 'ask'; readonly question: Question; readonly id: number }
  | { readonly is: 'tell'; readonly answer: unknown; readonly id: number };

/** What the owner asks of all nodes. */
export type Question =
  | { readonly about: 'rooms' }
  | { readonly about: 'remove'; readonly peer: PeerId };

/** One thing that is said. */
export type Frame = EdgeFrame | HomeFrame | NewsFrame;

/** Frames of one turn of the event loop, with the number that tells whether one is missing. */
export interface Letter {
  readonly from: string;
  /** Grows when the sender starts afresh. */
  readonly epoch: number;
  /** 1, 2, 3 and so on within an epoch. */
  readonly number: number;
  readonly frames: readonly Frame[];
}

const EDGE_KINDS: ReadonlySet<unknown> = new Set<EdgeFrame['is']>(['open', 'say', 'close']);
const HOME_KINDS: ReadonlySet<unknown> = new Set<HomeFrame['is']>([
  'reply',
  'signal',
  'error',
  'knocked',
  'drop',
]);
const NEWS_KINDS: ReadonlySet<unknown> = new Set<NewsFrame['is']>([
  'gone',
  'spent',
  'door',
  'doors',
  'leave',
  'ask',
  'tell',
]);

export function isEdgeFrame(frame: Frame): frame is EdgeFrame {
  return EDGE_KINDS.has(frame.is);
}

export function isHomeFrame(frame: Frame): frame is HomeFrame {
  return HOME_KINDS.has(frame.is);
}

/**
 * Reads the text of a letter; `undefined` when it is none. Who could seal it is a node of ours, which is
 * believed as far as the form goes.
 */
export function decodeLetter(text: string): Letter | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isLetter(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isLetter(value: unknown): value is Letter {
  if (!isRecord(value) || !Array.isArray(value['frames'])) return false;
  const { from, epoch, number, frames } = value;
  const isHeader =
    typeof from === 'string' && typeof epoch === 'number' && typeof number === 'number';
  return isHeader && frames.every(isFrame);
}

function isFrame(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { is, session } = value;
  const isOfSession = EDGE_KINDS.has(is) || HOME_KINDS.has(is);
  return isOfSession ? typeof session === 'number' : NEWS_KINDS.has(is);
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
