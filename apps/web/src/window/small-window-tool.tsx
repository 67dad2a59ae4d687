/**
 * Opens the small window: one with switches where the browser has such windows, else the picture of
 * whoever is to be seen. Fetched when it is wanted.
 * @see https://wicg.github.io/document-picture-in-picture/
 * @module
 */
import { h, render } from 'preact';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { CallContext } from '../call/call-context.ts';
import { observe } from '../ui/observe.ts';
import { SmallWindow, useMainPeer } from './small-window.tsx';

declare global {
  interface Window {
    /** Not in every browser. */
    readonly documentPictureInPicture?: {
      requestWindow(size: { readonly width: number; readonly height: number }): Promise<Window>;
    };
  }
}

const SIZE = { width: 360, height: 270 } as const;

/** Whether this browser has small windows of any kind. */
export function canOpenSmallWindow(): boolean {
  return 'documentPictureInPicture' in window || document.pictureInPictureEnabled;
}

/** Opens the window, from a click. Nothing happens where the browser does not allow it. */
export async function openSmallWindow(context: CallContext): Promise<void> {
  const { smallWindow } = context;
  if (smallWindow.peek() !== undefined) return;
  const { documentPictureInPicture: windows } = window;
  const open = windows === undefined ? openPicture : openDocument;
  await open(context).catch(() => undefined);
}

async function openDocument(context: CallContext): Promise<void> {
  const opened = await window.documentPictureInPicture?.requestWindow(SIZE);
  if (opened === undefined) return;
  const { head, body, documentElement } = opened.document;
  const { lang, dir } = document.documentElement;
  Object.assign(documentElement, { lang, dir });
  opened.document.title = document.title;
  const wanted = 'link[rel="stylesheet"], style, meta[name="color-scheme"]';
  head.append(...[...document.querySelectorAll(wanted)].map((node) => node.cloneNode(true)));
  render(h(SmallWindow, { context }), body);
  opened.addEventListener('pagehide', () => {
    render(null, body);
    context.smallWindow.value = undefined;
  });
  context.smallWindow.value = { close: () => opened.close() };
}

/** The window shows a `<video>` of this page, which itself stays out of sight. */
async function openPicture(context: CallContext): Promise<void> {
  const place = document.createElement('div');
  place.hidden = true;
  document.body.append(place);
  const video = document.createElement('video');
  Object.assign(video, { muted: true, playsInline: true });
  const show = (track: MediaStreamTrack): void => {
    video.srcObject = new MediaStream([track]);
    video.play().catch(() => undefined);
  };
  render(h(Picture, { context, show }), place);
  const end = (): void => {
    render(null, place);
    place.remove();
    video.srcObject = null;
    context.smallWindow.value = undefined;
  };
  video.addEventListener('leavepictureinpicture', end);
  try {
    await hasPicture(video);
    await video.requestPictureInPicture();
    context.smallWindow.value = { close: () => void document.exitPictureInPicture() };
  } catch (error) {
    end();
    throw error;
  }
}

function hasPicture(video: HTMLVideoElement): Promise<unknown> {
  return new Promise((resolve, reject) => {
    video.addEventListener('loadedmetadata', resolve, { once: true });
    setTimeout(() => reject(new Error('nobody can be seen')), PATIENCE_MS);
  });
}

/** A click is good for about so long. */
const PATIENCE_MS = 3000;

/** Shows the picture of whoever is to be seen. */
function Picture(props: {
  context: CallContext;
  show: (track: MediaStreamTrack) => void;
}): JSX.Element | null {
  const { context, show } = props;
  const peer = useMainPeer(context);
  const seen = useMemo(() => peer && observe(peer), [peer]);
  const track = seen?.value.camera.track;
  const { desk } = context;
  useEffect(() => {
    if (peer === undefined || track === undefined) return undefined;
    show(track);
    desk.show(peer, 'camera', { viewer: 'window', size: { width: 480, height: 360 } });
    return () => desk.show(peer, 'camera', { viewer: 'window', size: undefined });
  }, [desk, peer, track, show]);
  return null;
}
