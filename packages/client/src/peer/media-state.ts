/**
 * What a person says about their own devices: `parley.media` in descriptions, `media` on the control
 * channel. Both ways may overtake each other, hence the version.
 * Pure values.
 * @module
 */
import type { Json } from '@parley/protocol';

/** True means: there is a picture to be seen, a voice to be heard. */
export interface MediaState {
  readonly camera: boolean;
  readonly microphone: boolean;
  /** Absent as long as no screen is shared. */
  readonly screen?: boolean;
  readonly screenSound?: boolean;
  /** Grows with every change; an older state never replaces a newer one. */
  readonly version: number;
}

/** Reads an untrusted value; `undefined` when it is none. */
export function decodeMediaState(value: Json | undefined): MediaState | undefined {
  if (!isFields(value)) return undefined;
  const { camera, microphone, screen, screenSound, version } = value;
  if (typeof camera !== 'boolean' || typeof microphone !== 'boolean') return undefined;
  if (typeof version !== 'number') return undefined;
  return {
    camera,
    microphone,
    ...(screen === true && { screen }),
    ...(screenSound === true && { screenSound }),
    version,
  };
}

/** True for a JSON object, false for arrays and all else. */
export function isFields(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
