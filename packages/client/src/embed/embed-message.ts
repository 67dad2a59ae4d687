/**
 * The messages between a page and the call it has in a frame, both ways. Each has a version; what comes in is read by
 * functions that never throw and take nothing but what is listed here. Pure. Documentation: docs/EMBEDDING.md.
 * @module
 */
import { isTheme } from './theme.ts';
import type { Theme } from './theme.ts';

/** Version of the messages. A page and a server that differ tell each other so. */
export const EMBED_VERSION = 1;

const MAX_NAME_LENGTH = 64;
const MAX_TEXT_LENGTH = 500;
const MAX_CHAT_LENGTH = 4000;
/** More people than any room can have. */
const MAX_PEERS = 1000;

/** What a page can have the call do. */
export type EmbedCommand =
  | { readonly command: 'join'; readonly name?: string; readonly passcode?: string }
  | { readonly command: 'leave' }
  | { readonly command: 'microphone' | 'camera' | 'screen' | 'hand'; readonly on: boolean }
  | { readonly command: 'chat'; readonly text: string }
  | { readonly command: 'theme'; readonly theme: Theme };

/** Another person in the call. */
export interface EmbedPeer {
  readonly id: string;
  readonly name: string;
}

/** The call at one moment. */
export interface EmbedState {
  readonly stage: 'lobby' | 'joining' | 'waiting' | 'call' | 'left';
  readonly room: string;
  /** The connection to the server is broken and being mended; people still hear each other. */
  readonly reconnecting: boolean;
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
  readonly hand: boolean;
  /** The others in the call; empty before and after it. */
  readonly peers: readonly EmbedPeer[];
}

/** What a call tells the page around it. */
export type EmbedEvent =
  | { readonly event: 'ready' }
  | { readonly event: 'state'; readonly state: EmbedState }
  | { readonly event: 'joined' }
  | { readonly event: 'left'; readonly reason: string }
  | { readonly event: 'peer-joined' | 'peer-left'; readonly peer: EmbedPeer }
  | { readonly event: 'error'; readonly code: string; readonly message: string };

/** Why a message was not carried out, besides the codes of the SDK. Explained in docs/ERRORS.md. */
export type EmbedErrorCode =
  | 'ERR_EMBED_VERSION'
  | 'ERR_EMBED_MESSAGE'
  | 'ERR_EMBED_STAGE'
  | 'ERR_EMBED_CLOSED'
  | 'ERR_EMBED_FAILED';

/** What went wrong, as it travels. */
export interface EmbedFault {
  readonly code: string;
  readonly message: string;
}

/** A message from the page, read. */
export type ReadCommand =
  | { readonly kind: 'command'; readonly id: number; readonly command: EmbedCommand }
  | { readonly kind: 'fault'; readonly id: number; readonly fault: EmbedFault }
  /** None of ours: other programs of the page post messages, too. */
  | { readonly kind: 'foreign' };

/** A message from the frame, read. */
export type ReadFrameMessage =
  | { readonly kind: 'event'; readonly event: EmbedEvent }
  | { readonly kind: 'reply'; readonly id: number; readonly fault: EmbedFault | undefined }
  | { readonly kind: 'foreign' };

type Fields = Readonly<Record<string, unknown>>;

const FOREIGN = { kind: 'foreign' } as const;

/** Reads what a page sent. Never throws. */
export function readCommand(data: unknown): ReadCommand {
  if (!isFields(data) || !isId(data['id']) || data['parley'] === undefined) return FOREIGN;
  const { id } = data;
  if (data['parley'] !== EMBED_VERSION) {
    const message = `This server speaks version ${EMBED_VERSION} of the messages. Load /embed.js from it.`;
    return { kind: 'fault', id, fault: { code: 'ERR_EMBED_VERSION', message } };
  }
  const command = commandOf(data);
  if (command !== undefined) return { kind: 'command', id, command };
  const message = 'There is no such command, or a value of it has the wrong type or length.';
  return { kind: 'fault', id, fault: { code: 'ERR_EMBED_MESSAGE', message } };
}

/** Reads what a frame sent. Never throws. */
export function readFrameMessage(data: unknown): ReadFrameMessage {
  if (!isFields(data) || data['parley'] !== EMBED_VERSION) return FOREIGN;
  if (isId(data['reply'])) return { kind: 'reply', id: data['reply'], fault: faultOf(data) };
  const event = eventOf(data);
  return event === undefined ? FOREIGN : { kind: 'event', event };
}

function commandOf(data: Fields): EmbedCommand | undefined {
  const { command, theme, text } = data;
  switch (command) {
    case 'join':
      return joinOf(data);
    case 'leave':
      return { command };
    case 'chat':
      return isText(text, MAX_CHAT_LENGTH) && text.trim() !== '' ? { command, text } : undefined;
    case 'theme':
      return isTheme(theme) ? { command, theme } : undefined;
    default:
      return switchOf(data);
  }
}

function switchOf({ command, on }: Fields): EmbedCommand | undefined {
  const wanted = SWITCHED.find((name) => name === command);
  return wanted !== undefined && typeof on === 'boolean' ? { command: wanted, on } : undefined;
}

function joinOf({ name, passcode }: Fields): EmbedCommand | undefined {
  if (!isOptionalName(name) || !isOptionalName(passcode)) return undefined;
  return {
    command: 'join',
    ...(name !== undefined && { name }),
    ...(passcode !== undefined && { passcode }),
  };
}

function eventOf(data: Fields): EmbedEvent | undefined {
  const { event, state, peer, reason } = data;
  switch (event) {
    case 'ready':
    case 'joined':
      return { event };
    case 'state':
      return isState(state) ? { event, state } : undefined;
    case 'left':
      return isText(reason, MAX_NAME_LENGTH) ? { event, reason } : undefined;
    case 'peer-joined':
    case 'peer-left':
      return isPeer(peer) ? { event, peer } : undefined;
    case 'error': {
      const fault = faultOf(data);
      return fault && { event, ...fault };
    }
    default:
      return undefined;
  }
}

function faultOf({ code, message }: Fields): EmbedFault | undefined {
  if (!isText(code, MAX_NAME_LENGTH) || !isText(message, MAX_TEXT_LENGTH)) return undefined;
  return { code, message };
}

const STAGES: ReadonlySet<unknown> = new Set(['lobby', 'joining', 'waiting', 'call', 'left']);
/** What a page can switch. */
const SWITCHED = ['microphone', 'camera', 'screen', 'hand'] as const;
const SWITCHES = ['reconnecting', ...SWITCHED] as const;

function isState(value: unknown): value is EmbedState {
  if (!isFields(value) || !STAGES.has(value['stage'])) return false;
  const { peers } = value;
  if (!Array.isArray(peers) || peers.length > MAX_PEERS || !peers.every(isPeer)) return false;
  return (
    isText(value['room'], MAX_NAME_LENGTH) &&
    SWITCHES.every((name) => typeof value[name] === 'boolean')
  );
}

function isPeer(value: unknown): value is EmbedPeer {
  return (
    isFields(value) &&
    isText(value['id'], MAX_NAME_LENGTH) &&
    isText(value['name'], MAX_NAME_LENGTH)
  );
}

function isOptionalName(value: unknown): value is string | undefined {
  return value === undefined || isText(value, MAX_NAME_LENGTH);
}

function isText(value: unknown, most: number): value is string {
  return typeof value === 'string' && value.length <= most;
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
