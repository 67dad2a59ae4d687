/**
 * Makes a page ask for small pictures: a call of tests costs a tenth of the processor time then. Runs
 * inside the page, before the page's own scripts.
 * @module
 */

/** How large pictures of the fake cameras are. */
export type CameraSize = 'small' | 'as asked';

/** Stands alone: its source text is sent to the page. */
export function useSmallCamera(): void {
  // There is none in a page that is not trusted.
  const devices: MediaDevices | undefined = Reflect.get(navigator, 'mediaDevices');
  if (devices === undefined) return;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = (constraints = {}) => {
    const { video } = constraints;
    if (typeof video !== 'object') return open(constraints);
    return open({ ...constraints, video: { ...video, width: 320, height: 180 } });
  };
}
