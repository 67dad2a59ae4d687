/**
 * Buttons of the browser and of the system: microphone, camera and hanging up, and a small window when
 * the person turns to another tab.
 * @see https://w3c.github.io/mediasession/
 * @module
 */
import { effect } from '@preact/signals';
import { cameraSwitch, microphoneSwitch } from '../media/slot-switch.ts';
import type { CallContext } from './call-context.ts';

type CallAction = 'togglemicrophone' | 'togglecamera' | 'hangup' | 'enterpictureinpicture';

declare global {
  interface MediaSession {
    /** @throws where the browser does not know the action */
    setActionHandler(action: CallAction, handler: (() => void) | null): void;
  }
}

/** Serves the buttons until it is undone. */
export function keepSession(context: CallContext): () => void {
  const { session } = context;
  const { mediaSession } = navigator;
  const actions: Readonly<Record<CallAction, () => void>> = {
    togglemicrophone: () => void session.toggleMicrophone(),
    togglecamera: () => void session.toggleCamera(),
    hangup: () => void session.leave(),
    enterpictureinpicture: () => void openWindow(context),
  };
  const names = ['togglemicrophone', 'togglecamera', 'hangup', 'enterpictureinpicture'] as const;
  const serve = (isServed: boolean): void => {
    for (const name of names) {
      try {
        mediaSession.setActionHandler(name, isServed ? actions[name] : null);
      } catch {
        // This browser has no such button.
      }
    }
  };
  serve(true);
  const stop = effect(() => {
    const isHeard = microphoneSwitch(session.microphone.value).on;
    const isSeen = cameraSwitch(session.camera.value).on;
    // Not in every browser; older ones return nothing.
    if (!('setMicrophoneActive' in mediaSession)) return;
    void mediaSession.setMicrophoneActive(isHeard);
    void mediaSession.setCameraActive(isSeen);
  });
  return () => {
    serve(false);
    stop();
  };
}

async function openWindow(context: CallContext): Promise<void> {
  const { openSmallWindow } = await import('../window/small-window-tool.tsx');
  await openSmallWindow(context);
}
