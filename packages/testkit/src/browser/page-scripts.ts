/**
 * What runs in every page before its own scripts.
 * @module
 */
import { forceRelay } from '../rtc/force-relay.ts';
import { installRtcProbe } from '../rtc/probe.ts';
import { useSmallCamera } from '../rtc/small-camera.ts';
import type { BrowserOptions } from './test-page.ts';

/** Source texts, in the order in which they are to run. */
export function pageScripts({
  relay,
  cameraSize,
}: Pick<BrowserOptions, 'relay' | 'cameraSize'>): string[] {
  const scripts = [`(${installRtcProbe.toString()})()`];
  if (relay !== undefined) scripts.push(`(${forceRelay.toString()})(${JSON.stringify(relay)})`);
  if (cameraSize === 'small') scripts.push(`(${useSmallCamera.toString()})()`);
  return scripts;
}
