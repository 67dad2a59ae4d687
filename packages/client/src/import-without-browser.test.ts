import { expect, it } from 'vitest';

it('can be imported, and a client created, where there is no browser', async () => {
  expect('window' in globalThis).toBe(false);
  expect('RTCPeerConnection' in globalThis).toBe(false);
  const { createClient } = await import('./index.ts');
  const client = createClient({ url: 'https://calls.example.org' });
  expect(client.media.camera.snapshot.state).toBe('off');
  await client.media.start({ camera: true, microphone: true });
  expect(client.media.camera.snapshot.error?.code).toBe('ERR_MEDIA_INSECURE_ORIGIN');
  expect(client.media.microphone.snapshot.error?.source).toBe('microphone');
  await expect(client.join('daily')).rejects.toMatchObject({ code: 'ERR_WEBRTC_UNSUPPORTED' });
  await client.close();
});

it('without a page, the address of the server must be given', async () => {
  const { createClient } = await import('./index.ts');
  await expect(createClient().prepare()).rejects.toMatchObject({ code: 'ERR_OPTIONS' });
});
