/**
 * Somebody in a room of a {@link FakeServer}, with a browser and devices made of fakes.
 * @module
 */
import { SILENT_LOGGER } from '../../src/logger.ts';
import { DeviceMedia } from '../../src/media/local-media.ts';
import { ConnectionFactory } from '../../src/peer/connection-factory.ts';
import { PLAIN_ENVELOPE } from '../../src/privacy/envelope.ts';
import { MeshRoom } from '../../src/mesh-room.ts';
import { FakePlatform } from './fake-platform.ts';
import type { FakeServer, FakeSignaling } from '../../src/testing/fake-server.ts';
import type { BySource } from '../../src/media/source.ts';
import { fakeSources } from './fake-source.ts';
import type { FakeSource } from './fake-source.ts';

/** See the module comment. */
export interface Guest {
  readonly room: MeshRoom;
  readonly platform: FakePlatform;
  readonly signaling: FakeSignaling;
  readonly sources: BySource<FakeSource>;
  /** What the room has told, in words. */
  readonly log: string[];
}

/** Somebody who is about to join; nothing has been sent yet. */
export function guestIn(
  server: FakeServer,
  name: string,
  iceTransportPolicy: RTCIceTransportPolicy = 'all',
): Guest {
  const platform = new FakePlatform();
  const signaling = server.open();
  const sources = fakeSources();
  const log: string[] = [];
  const room = new MeshRoom({
    room: 'daily',
    name,
    signaling,
    envelope: PLAIN_ENVELOPE,
    slots: new DeviceMedia(platform),
    peers: {
      platform,
      connections: new ConnectionFactory(platform, { iceServers: [], iceTransportPolicy }),
      sources,
      outgoing: { devices: platform.createStream(), screen: platform.createStream() },
      logger: SILENT_LOGGER,
    },
    quality: undefined,
    setTimer: platform.setTimer,
    logger: SILENT_LOGGER,
    release: (isClean) => log.push(isClean ? 'released' : 'gave up'),
  });
  room.on('peer', (peer) => log.push(`peer ${peer.name}`));
  room.on('peerLeft', ({ peer, reason }) => log.push(`${reason} ${peer.name}`));
  room.on('closed', ({ reason }) => log.push(`closed ${reason}`));
  return { room, platform, signaling, sources, log };
}
