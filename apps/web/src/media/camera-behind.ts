/**
 * Which camera a picture was made of: what is asked of a camera does nothing to what was made of it.
 * @module
 */

/** Cameras by the tracks that were made of them. */
export const cameraBehind: WeakMap<MediaStreamTrack, MediaStreamTrack> = new WeakMap();
