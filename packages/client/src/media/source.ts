/**
 * The named sources of a call. A source is a slot on the sending side and an m-line on the wire.
 * @module
 */

/** A device that is turned on and off. */
export type DeviceSource = 'camera' | 'microphone';

/** What comes with a shared screen: its picture, and its sound where the browser gives it. */
export type ScreenSource = 'screen' | 'screenSound';

/** Where a track comes from. */
export type Source = DeviceSource | ScreenSource;

/** A source of pictures: they are sent only where they are shown. */
export type VideoSource = 'camera' | 'screen';

/** One value for each source. */
export type BySource<Value> = { readonly [S in Source]: Value };

/** The kind of track each source gives. */
export const KIND_OF_SOURCE: BySource<'audio' | 'video'> = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  screenSound: 'audio',
};

/** The devices, in the order of their m-lines. */
export const DEVICE_SOURCES: readonly DeviceSource[] = ['microphone', 'camera'];

/** What gets its m-line only when it is needed. */
export const SCREEN_SOURCES: readonly ScreenSource[] = ['screen', 'screenSound'];

/** Every source. */
export const SOURCES: readonly Source[] = [...DEVICE_SOURCES, ...SCREEN_SOURCES];
