/**
 * A page that uses the SDK directly, without the app: what a developer would write.
 * @module
 */
import type { TestPage } from '@parley/testkit';
import type * as Parley from '@parley/client';

declare global {
  interface Window {
    parley?: typeof Parley;
    call?: { readonly client: Parley.Client; readonly room: Parley.Room };
  }
}

/** As a text: whatever runs the tests would rewrite an import of its own. */
const importSdk = Object.assign((): void => {}, {
  toString: () => "async () => { window.parley = await import('/sdk/parley.js'); }",
});

/** Opens a page of the server at this address with the SDK in it and nothing else done. */
export async function loadSdk(page: TestPage, url: string): Promise<void> {
  await page.goto(url);
  await page.evaluate(importSdk, undefined);
}

/** Who joins which room, and how. */
export interface Guest {
  readonly room: string;
  readonly name: string;
  /** Whether camera and microphone are on. @default true */
  readonly devices?: boolean;
  /** Bits per second. @default that of the SDK */
  readonly maxUplinkBitrate?: number;
}

/** Joins, with camera and microphone if nothing else is said, and plays the voices of the others. */
export async function joinWithSdk(page: TestPage, url: string, who: Guest): Promise<void> {
  await loadSdk(page, url);
  await enterWithSdk(page, who);
}

/** The same, in a page that has the SDK. */
export async function enterWithSdk(page: TestPage, who: Guest): Promise<void> {
  await page.evaluate(async ({ room: roomName, name, devices = true, maxUplinkBitrate }) => {
    const quality = maxUplinkBitrate === undefined ? {} : { maxUplinkBitrate };
    const client = window.parley?.createClient({ quality });
    if (client === undefined) throw new Error('The SDK is not in this page');
    await client.media.start({ camera: devices, microphone: devices });
    const room = await client.join(roomName, { name });
    room.on('peer', (peer) => {
      const audio = document.body.appendChild(document.createElement('audio'));
      audio.srcObject = peer.snapshot.stream;
      audio.autoplay = true;
    });
    window.call = { client, room };
  }, who);
}

/** Mutes or unmutes the microphone. */
export async function setMuted(page: TestPage, muted: boolean): Promise<void> {
  await page.evaluate((value) => window.call?.client.media.microphone.setMuted(value), muted);
}
