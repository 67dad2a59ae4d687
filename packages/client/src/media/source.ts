/**
 * The named sources of a call. A source is a slot on the sending side and an m-line on the wire.
 * @module
 */

/** Where a track comes from. */
export type Source = 'camera' | 'microphone';

/** One value for each source. */
export type BySource<Value> = { readonly [S in Source]: Value };

/** The kind of track each source gives. */
export const KIND_OF_SOURCE: BySource<'audio' | 'video'> = {
  microphone: 'audio',
  camera: 'video',
};

/** Every source, in the order of their m-lines. */
export const SOURCES: readonly Source[] = ['microphone', 'camera'];
