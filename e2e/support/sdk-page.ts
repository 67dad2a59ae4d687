/**
 * A page that uses the SDK directly, without the app: what a developer would write.
 * @module
 */
import type { TestPage } from '@parley/testkit';
import type * as Parley from '@parley/client';
import type { Stage } from './stage.ts';

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

/** Opens a page with the SDK in it and nothing else done. */
export async function loadSdk(page: TestPage, stage: Stage): Promise<void> {
  await page.goto(stage.server.url);
  await page.evaluate(importSdk, undefined);
}

/** Joins with camera and microphone, and plays the voices of the others. */
export async function joinWithSdk(
  page: TestPage,
  stage: Stage,
  who: { readonly room: string; readonly name: string },
): Promise<void> {
  await loadSdk(page, stage);
  await page.evaluate(async ({ room: roomName, name }) => {
    const client = window.parley?.createClient();
    if (client === undefined) throw new Error('The SDK is not in this page');
    await client.media.start({ camera: true, microphone: true });
    const room = await client.join(roomName, { name });
    room.on('peer', (peer) => {
      const audio = document.body.appendChild(document.createElement('audio'));
      const play = (): void => {
        const { track } = peer.snapshot.microphone;
        if (track === undefined || audio.srcObject !== null) return;
        audio.srcObject = new MediaStream([track]);
        void audio.play();
      };
      peer.subscribe(play);
      play();
    });
    window.call = { client, room };
  }, who);
}

/** Mutes or unmutes the microphone. */
export async function setMuted(page: TestPage, muted: boolean): Promise<void> {
  await page.evaluate((value) => window.call?.client.media.microphone.setMuted(value), muted);
}
