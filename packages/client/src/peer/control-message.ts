/**
 * Messages of the control channel: text, one JSON object each, told apart by `type`.
 * Decoding is total: whatever arrives becomes a message or `undefined`. Pure.
 * @module
 */
import type { Json } from '@parley/protocol';
import type { VideoSource } from '../media/source.ts';
import { decodeMediaState, isFields } from './media-state.ts';
import type { MediaState } from './media-state.ts';

/** How large a picture is shown, in device pixels; 0 x 0 when it is not shown. */
export interface ViewSize {
  readonly width: number;
  readonly height: number;
}

/** Our devices have changed. */
export interface MediaMessage extends MediaState {
  readonly type: 'media';
}

/** This is how large we show one of your pictures. */
export interface ViewMessage extends ViewSize {
  readonly type: 'view';
  readonly source: VideoSource;
}

/** Everything that SDK peers tell each other on the control channel. */
export type ControlMessage = MediaMessage | ViewMessage;

type Fields = { readonly [key: string]: Json };
type Decoders = {
  readonly [Type in ControlMessage['type']]: (
    fields: Fields,
  ) => Extract<ControlMessage, { type: Type }> | undefined;
};

/** Longest message that is looked at. */
const MAX_MESSAGE_LENGTH = 16 * 1024;
/** No picture is larger; a greater number is nonsense. */
const MAX_VIEW_PIXELS = 16_384;

const DECODERS: Decoders = {
  media(fields) {
    const media = decodeMediaState(fields);
    return media && { type: 'media', ...media };
  },
  view({ source, width, height }) {
    if (source !== 'camera' && source !== 'screen') return undefined;
    if (!isViewPixels(width) || !isViewPixels(height)) return undefined;
    return { type: 'view', source, width, height };
  },
};

/** Reads what came over the channel. Types of later versions are nothing to us. */
export function decodeControlMessage(data: unknown): ControlMessage | undefined {
  const fields = typeof data === 'string' ? parseJson(data) : undefined;
  if (!isFields(fields) || !isKnownType(fields.type)) return undefined;
  return DECODERS[fields.type](fields);
}

function isKnownType(type: Json | undefined): type is ControlMessage['type'] {
  return typeof type === 'string' && Object.hasOwn(DECODERS, type);
}

function isViewPixels(value: Json | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_VIEW_PIXELS;
}

function parseJson(text: string): Json | undefined {
  if (text.length > MAX_MESSAGE_LENGTH) return undefined;
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
