import type { Payload, RelayedEvent } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { FakeConnection } from '../testing/fake-connection.ts';
import { formatSdp } from '../testing/fake-sdp.ts';
import type { FakeSection } from '../testing/fake-sdp.ts';
import { fakeSources } from '../../test/fakes/fake-source.ts';
import { FakeStream, FakeTrack } from '../testing/fake-track.ts';
import { settle } from '../testing/settle.ts';
import { PeerData } from '../data/peer-data.ts';
import { PeerPipes } from '../data/peer-pipes.ts';
import { SILENT_LOGGER } from '../logger.ts';
import type { Source, VideoSource } from '../media/source.ts';
import type { ViewSize } from './control-message.ts';
import { PeerLink } from './peer-link.ts';
import type { SendLimits } from './send-track.ts';

await import('./control-message.ts'); // so that nobody waits for it within a test

const AUDIO: FakeSection = { kind: 'audio', mid: 'a', direction: 'sendrecv' };
const VIDEO: FakeSection = { kind: 'video', mid: 'v', direction: 'sendrecv' };
const DATA: FakeSection = { kind: 'application', mid: 'd', direction: 'sendrecv' };
const MARK = { epoch: 1, offer: 1, media: undefined };
const SCREEN_MARK = { ...MARK, mids: { screen: 's' } };

function setUp() {
  const connection = new FakeConnection();
  const sources = fakeSources();
  const stream = new FakeStream().dom;
  const screen = new FakeStream().dom;
  const sent: { readonly event: RelayedEvent; readonly payload: Payload }[] = [];
  const log: string[] = [];
  /** Kinds of the sections whose formats were put in order, and how much had been sent by then. */
  const preferred: string[] = [];
  const [data, pipes] = [new PeerData(), new PeerPipes()];
  pipes.listen(data);
  const shown = new Map<VideoSource, ViewSize>();
  const limits = new Map<Source, SendLimits>();
  const link = new PeerLink({
    connection: connection.dom,
    owner: {
      polite: true,
      send: (event, payload) => sent.push({ event, payload }),
      hooks: {
        stateChanged: () => log.push(connection.connectionState),
        trackReceived: (source, track) => log.push(`${source} ${track.kind}`),
        mediaDeclared: ({ camera, microphone }) => log.push(`media ${camera} ${microphone}`),
        viewDeclared: (source, { width, height }) => log.push(`${source} ${width}x${height}`),
      },
      shown,
      limits,
      tune: undefined,
    },
    epoch: 1,
    sources,
    streams: { devices: stream, screen },
    preferCodecs: ({ receiver: { track } }) => void preferred.push(`${track.kind} ${sent.length}`),
    data: pipes,
    setTimer(callback) {
      callback(); // nothing is waited for
      return () => {};
    },
    logger: SILENT_LOGGER,
  });
  const eventsSent = (): readonly string[] =>
    sent.map(({ event }) => event).filter((event) => event !== 'icecandidate');
  return {
    connection,
    sources,
    stream,
    screen,
    sent,
    log,
    link,
    eventsSent,
    data,
    shown,
    limits,
    preferred,
  };
}

/** An offer as a page without the SDK sends it. */
function plainOffer(...sections: readonly FakeSection[]) {
  const sdp = formatSdp({ ufrag: 'plain', sections });
  return { type: 'offer', sdp, mark: undefined } as const;
}

describe('a link that is opened from here', () => {
  it('offers microphone, camera and control channel before there is any track', async () => {
    const { connection, link, sent, eventsSent, stream } = setUp();
    link.open();
    await settle();
    expect(eventsSent()).toEqual(['offer']);
    const sdp = JSON.stringify(sent[0]?.payload);
    expect(sdp.match(/m=\w+/gu)).toEqual(['m=audio', 'm=video', 'm=application']);
    expect(connection.transceivers.map(({ direction }) => direction)).toEqual([
      'sendrecv',
      'sendrecv',
    ]);
    for (const { sender } of connection.transceivers) expect(sender.streams).toEqual([stream]);
  });

  it('has the formats of its sections put in order before it offers', async () => {
    const { link, preferred } = setUp();
    link.open();
    await settle();
    expect(preferred).toEqual(['audio 0', 'video 0']);
  });

  it('trickles candidates, without the one that says there are no more', async () => {
    const { link, sent } = setUp();
    link.open();
    await settle();
    const candidates = sent.filter(({ event }) => event === 'icecandidate');
    expect(candidates).toHaveLength(2);
    expect(candidates[0]?.payload).toMatchObject({ sdpMid: '0', parley: { epoch: 1 } });
  });

  it('is silent until it is opened, even when the browser wants to negotiate', async () => {
    const { connection, eventsSent } = setUp();
    connection.dispatchEvent(new Event('negotiationneeded'));
    await settle();
    expect(eventsSent()).toEqual([]);
  });
});

describe('an offer of a page without the SDK', () => {
  it('is answered in its own sections, sending and receiving', async () => {
    const { connection, link, eventsSent, stream } = setUp();
    link.receive(plainOffer(AUDIO, VIDEO));
    await settle();
    expect(eventsSent()).toEqual(['answer']);
    expect(connection.transceivers).toMatchObject([
      { mid: 'a', currentDirection: 'sendrecv' },
      { mid: 'v', currentDirection: 'sendrecv' },
    ]);
    expect(connection.transceivers[0]?.sender.streams).toEqual([stream]);
    expect(connection.channels).toEqual([]);
  });

  it('with a data channel of its own gets none of ours', async () => {
    const { connection, link, data } = setUp();
    const sent: unknown[] = [];
    const message = { bytes: Uint8Array.of(1), isText: false };
    const settleWith = (error?: unknown): unknown => sent.push(error);
    data.reliable.send('chat', { ...message, settle: settleWith });
    link.receive(plainOffer(AUDIO, VIDEO, DATA));
    await settle();
    expect(connection.channels).toEqual([]);
    expect(sent).toMatchObject([{ code: 'ERR_PEER_WITHOUT_CHANNELS' }]);
  });

  it('with sound only gets a camera section in an offer of ours', async () => {
    const { connection, link, eventsSent } = setUp();
    link.receive(plainOffer(AUDIO));
    await settle();
    expect(eventsSent()).toEqual(['answer', 'offer']);
    expect(connection.transceivers.map(({ kind }) => kind)).toEqual(['audio', 'video']);
  });

  it('SIG-91 with two pictures: the first one is the camera', async () => {
    const { connection, link, log } = setUp();
    link.receive(plainOffer(AUDIO, VIDEO, { ...VIDEO, mid: 'screen' }));
    await settle();
    expect(connection.transceivers).toMatchObject([
      { mid: 'a', direction: 'sendrecv' },
      { mid: 'v', direction: 'sendrecv' },
      { mid: 'screen', direction: 'recvonly' },
    ]);
    expect(new Set(log)).toEqual(new Set(['microphone audio', 'camera video']));
  });
});

describe('an offer of an SDK peer', () => {
  it('opens the control channel and those for data where it has a section for them', async () => {
    const { connection, link } = setUp();
    link.receive({ ...plainOffer(AUDIO, VIDEO, DATA), mark: MARK });
    await settle();
    expect(connection.channels.map(({ init }) => init)).toMatchObject([
      { id: 0, negotiated: true },
      { id: 1, negotiated: true },
      { id: 2, negotiated: true, ordered: false, maxRetransmits: 0 },
      { id: 3, negotiated: true },
    ]);
  });

  it('tells what the devices of that peer do', async () => {
    const { link, log } = setUp();
    const media = { camera: true, microphone: false, version: 1 };
    link.receive({ ...plainOffer(AUDIO, VIDEO), mark: { ...MARK, media } });
    await settle();
    expect(log).toContain('media true false');
  });
});

describe('our tracks', () => {
  it('that are there already are sent as soon as there is a section', async () => {
    const { connection, sources, link } = setUp();
    const track = new FakeTrack('video').dom;
    await sources.camera.play(track);
    link.receive(plainOffer(AUDIO, VIDEO));
    await settle();
    expect(connection.transceivers[1]?.sender.track).toBe(track);
  });

  it('come, change and go without a negotiation', async () => {
    const { connection, sources, link, eventsSent } = setUp();
    link.open();
    await settle();
    const [first, second] = [new FakeTrack('video').dom, new FakeTrack('video').dom];
    for (const track of [first, second, undefined, first]) await sources.camera.play(track);
    expect(connection.transceivers[1]?.sender.history).toEqual([null, first, second, null, first]);
    expect(eventsSent()).toEqual(['offer']);
  });

  it('do not hang when the connection is closed under them', async () => {
    const { sources, link } = setUp();
    link.open();
    await settle();
    const playing = sources.camera.play(new FakeTrack('video').dom);
    link.close();
    await expect(playing).resolves.toBeUndefined();
  });
});

describe('our screen', () => {
  it('gets a section, by one more offer, when the other side is an SDK peer', async () => {
    const { connection, sources, screen, link, eventsSent } = setUp();
    link.receive({ ...plainOffer(AUDIO, VIDEO, DATA), mark: MARK });
    await settle();
    const track = new FakeTrack('video').dom;
    await sources.screen.play(track);
    await settle();
    expect(eventsSent()).toEqual(['answer', 'offer']);
    expect(connection.transceivers[2]).toMatchObject({ kind: 'video', direction: 'sendrecv' });
    expect(connection.transceivers[2]?.sender).toMatchObject({ track, streams: [screen] });
  });

  it('SIG-92 is named in the offer, and told in the media state', async () => {
    const { connection, sources, sent, link } = setUp();
    link.receive({ ...plainOffer(AUDIO, VIDEO, DATA), mark: MARK });
    await settle();
    await sources.screen.play(new FakeTrack('video').dom);
    await settle();
    const mid = connection.transceivers[2]?.mid;
    expect(sent.find(({ event }) => event === 'offer')?.payload).toMatchObject({
      parley: { mids: { screen: mid }, media: { screen: true } },
    });
  });

  it('waits until it is known who is on the other side', async () => {
    const { connection, sources, link } = setUp();
    link.open();
    await settle();
    await sources.screen.play(new FakeTrack('video').dom);
    await settle();
    expect(connection.transceivers).toHaveLength(2);
    const sdp = connection.localDescription?.sdp ?? '';
    link.receive({ type: 'answer', sdp, mark: { ...MARK } });
    await settle();
    expect(connection.transceivers).toHaveLength(3);
  });

  it('goes and comes again without a negotiation', async () => {
    const { connection, sources, link, eventsSent } = setUp();
    link.receive({ ...plainOffer(AUDIO, VIDEO, { ...VIDEO, mid: 's' }), mark: SCREEN_MARK });
    await settle();
    const [first, second] = [new FakeTrack('video').dom, new FakeTrack('video').dom];
    for (const track of [first, undefined, second]) await sources.screen.play(track);
    await settle();
    expect(connection.transceivers[2]?.sender.history).toEqual([null, first, null, second]);
    expect(eventsSent()).toEqual(['answer']);
  });

  it('SIG-92 uses the section that the other side has named, both ways', async () => {
    const { connection, link, log } = setUp();
    link.receive({ ...plainOffer(AUDIO, VIDEO, { ...VIDEO, mid: 's' }), mark: SCREEN_MARK });
    await settle();
    expect(connection.transceivers[2]).toMatchObject({ mid: 's', direction: 'sendrecv' });
    expect(log).toContain('screen video');
  });

  it.each(['nowhere', 'a', 'v', 1, null])(
    'a name that makes no sense (%j) is no section',
    async (mid) => {
      const { connection, link, log } = setUp();
      const mark = { ...MARK, mids: { screen: mid } };
      link.receive({ ...plainOffer(AUDIO, VIDEO), mark });
      await settle();
      expect(connection.transceivers).toHaveLength(2);
      expect(log.filter((line) => line.startsWith('screen'))).toEqual([]);
    },
  );

  it('takes the place of the camera on a page without the SDK, and gives it back', async () => {
    const { connection, sources, link, eventsSent } = setUp();
    const [camera, screen] = [new FakeTrack('video').dom, new FakeTrack('video').dom];
    await sources.camera.play(camera);
    await sources.screen.play(screen);
    link.receive(plainOffer(AUDIO, VIDEO));
    await settle();
    const sender = connection.transceivers[1]?.sender;
    expect(sender?.track).toBe(screen);
    await sources.camera.play(undefined);
    expect(sender?.track).toBe(screen);
    await sources.camera.play(camera);
    await sources.screen.play(undefined);
    expect(sender?.track).toBe(camera);
    await sources.screen.play(screen);
    expect(sender?.track).toBe(screen);
    await settle();
    expect(eventsSent()).toEqual(['answer']);
  });
});

describe('our devices', () => {
  it('are told on the control channel whenever they change for the others', async () => {
    const { connection, sources, link } = setUp();
    link.open();
    const [channel] = connection.channels;
    channel?.open();
    await sources.microphone.play(new FakeTrack('audio').dom);
    await sources.microphone.play(new FakeTrack('audio').dom);
    sources.microphone.mute(true);
    expect(channel?.sent.map((text): unknown => JSON.parse(text))).toEqual([
      { type: 'media', camera: false, microphone: false, version: 0 },
      { type: 'media', camera: false, microphone: true, version: 1 },
      { type: 'media', camera: false, microphone: false, version: 2 },
    ]);
  });

  it('travel in descriptions, under the same count', async () => {
    const { sources, sent, link } = setUp();
    await sources.camera.play(new FakeTrack('video').dom);
    link.open();
    await settle();
    expect(sent[0]?.payload).toMatchObject({
      parley: { media: { camera: true, microphone: false, version: 1 } },
    });
  });
});

describe('limits of what is sent', () => {
  it('hold for a connection made after they were set', async () => {
    const { connection, sources, link, limits } = setUp();
    limits.set('camera', { active: true, maxBitrate: 300_000 });
    await sources.camera.play(new FakeTrack('video').dom);
    link.open();
    await settle();
    expect(connection.transceivers[1]?.sender.encoding).toMatchObject({ maxBitrate: 300_000 });
  });

  it('can be changed later, and a picture nobody shows is not sent', async () => {
    const { connection, sources, link, limits } = setUp();
    link.open();
    await sources.camera.play(new FakeTrack('video').dom);
    limits.set('camera', { active: false });
    await link.limit('camera');
    expect(connection.transceivers[1]?.sender.active).toBe(false);
    await sources.camera.play(new FakeTrack('video').dom);
    expect(connection.transceivers[1]?.sender.active).toBe(false);
    limits.set('camera', { active: true });
    await link.limit('camera');
    expect(connection.transceivers[1]?.sender.active).toBe(true);
  });
});

describe('the size of pictures', () => {
  it('is told as soon as it can be told, and again when asked to', () => {
    const { connection, link, shown } = setUp();
    shown.set('camera', { width: 320, height: 176 });
    link.open();
    link.sendViews();
    const [channel] = connection.channels;
    channel?.open();
    const view = '{"type":"view","source":"camera","width":320,"height":176}';
    expect(channel?.sent.slice(1)).toEqual([view]);
    link.sendViews();
    expect(channel?.sent.slice(1)).toEqual([view, view]);
  });

  it('is heard', async () => {
    const { connection, link, log } = setUp();
    link.open();
    connection.channels[0]?.open();
    connection.channels[0]?.deliver('{"type":"view","source":"camera","width":640,"height":0}');
    await settle();
    expect(log).toContain('camera 640x0');
  });
});

it('close() leaves no listener and no subscription behind', async () => {
  const { connection, sources, link } = setUp();
  link.open();
  await settle();
  link.close();
  link.close();
  expect(connection.signalingState).toBe('closed');
  expect(connection.listeners).toBe(0);
  expect([sources.camera.sinks.size, sources.camera.isWatched]).toEqual([0, false]);
});
