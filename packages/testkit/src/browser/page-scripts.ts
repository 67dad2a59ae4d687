/**
 * What runs in every page before its own scripts.
 * @module
 */
import { forceRelay } from '../rtc/force-relay.ts';
import { installRtcProbe } from '../rtc/probe.ts';
import { drawPerson } from '../rtc/drawn-person.ts';
import { useSmallCamera } from '../rtc/small-camera.ts';
import type { BrowserOptions } from './test-page.ts';

/** Source texts, in the order in which they are to run. */
export function pageScripts(options: BrowserOptions): string[] {
  const { relay, webSockets, cameraSize, drawnPerson } = options;
  const scripts = [`(${installRtcProbe.toString()})()`];
  if (relay !== undefined) scripts.push(`(${forceRelay.toString()})(${JSON.stringify(relay)})`);
  if (webSockets === 'blocked') scripts.push(`(${blockWebSockets.toString()})()`);
  if (cameraSize === 'small') scripts.push(`(${useSmallCamera.toString()})()`);
  if (drawnPerson !== undefined) {
    const scale = cameraSize === 'small' ? 1 / 4 : 1;
    scripts.push(`(${drawPerson.toString()})(${JSON.stringify(drawnPerson)}, ${scale})`);
  }
  return scripts;
}

/** Stands alone: its source text is sent to the page. */
function blockWebSockets(): void {
  interface DeadSocket {
    onerror?: (event: Event) => void;
    onclose?: (event: CloseEvent) => void;
    close(): void;
    send(): void;
  }
  Object.defineProperty(window, 'WebSocket', {
    value: function BlockedWebSocket(): DeadSocket {
      const socket: DeadSocket = { close() {}, send() {} };
      setTimeout(() => {
        socket.onerror?.(new Event('error'));
        socket.onclose?.(new CloseEvent('close', { code: 1006 }));
      });
      return socket;
    },
  });
}
