import { describe, expect, it } from 'vitest';
import { FakeMediaDevices, camera, microphone } from './testing/fake-media-devices.ts';
import { FakePlatform } from '../test/fakes/fake-platform.ts';
import { FakeServer } from './testing/fake-server.ts';
import { settle } from './testing/settle.ts';
import { ParleyClient } from './client.ts';
import { resolveClientOptions } from './client-options.ts';
import type { ClientOptions } from './client-options.ts';

/** A module is loaded in tasks of its own. */
async function passSecond({ clock }: FakePlatform): Promise<void> {
  for (let tick = 0; tick < 10; tick += 1) {
    clock.advance(120);
    await settle();
    await import('./quality/governor.ts');
    await import('./peer/control-message.ts');
  }
}

async function join(server: FakeServer, options: ClientOptions = {}) {
  const platform = new FakePlatform(new FakeMediaDevices(camera('c'), microphone('m')));
  const client = new ParleyClient({
    options: resolveClientOptions(options),
    platform,
    openSignaling: () => server.open(),
  });
  const room = await client.join('daily');
  await settle();
  const limitsOf = (kind: 'audio' | 'video'): RTCRtpEncodingParameters | undefined => {
    const transceivers = platform.open.flatMap((connection) => connection.transceivers);
    return transceivers.find((transceiver) => transceiver.kind === kind)?.sender.encoding;
  };
  return { room, client, platform, limitsOf };
}

describe('a room with a governor', () => {
  it('sends a picture as large as the other side says that it is shown', async () => {
    const server = new FakeServer();
    const ada = await join(server, { quality: { maxUplinkBitrate: 1_000_000 } });
    await ada.client.media.start({ camera: true, microphone: true });
    await join(server);
    await passSecond(ada.platform);
    expect(ada.limitsOf('audio')).toMatchObject({ maxBitrate: 32_000, priority: 'high' });
    expect(ada.limitsOf('video')).toMatchObject({ active: true, maxBitrate: 950_000 });

    const [control] = ada.platform.open.flatMap((connection) => connection.channels);
    control?.deliver('{"type":"view","source":"camera","width":0,"height":0}');
    await passSecond(ada.platform);
    expect(ada.limitsOf('video')).toMatchObject({ active: false });
  });

  it('leaves no timer behind', async () => {
    const server = new FakeServer();
    const ada = await join(server);
    await passSecond(ada.platform);
    await ada.room.leave();
    expect(ada.platform.clock.pendingTimers).toBe(0);
  });
});

it('a room without a governor sets no limits and says nothing about its uplink', async () => {
  const server = new FakeServer();
  const ada = await join(server, { quality: false });
  await ada.client.media.start({ camera: true });
  await join(server);
  await passSecond(ada.platform);
  expect(ada.limitsOf('video')).toEqual({ active: true });
});
