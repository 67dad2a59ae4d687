import { describe, expect, it } from 'vitest';
import { FakeConnection } from '../testing/fake-connection.ts';
import { ControlChannel } from './control-channel.ts';
import type { ControlMessage } from './control-message.ts';
import { settle } from '../testing/settle.ts';

await import('./control-message.ts'); // so that nobody waits for it within a test

function setUp() {
  const connection = new FakeConnection();
  const lifetime = new AbortController();
  const heard: ControlMessage[] = [];
  const media = { camera: true, microphone: false, version: 4 };
  const control = new ControlChannel({
    connection: connection.dom,
    media: () => media,
    shown: () => new Map([['camera', { width: 640, height: 352 }]]),
    onMessage: (message) => heard.push(message),
    signal: lifetime.signal,
  });
  const [channel] = connection.channels;
  if (channel === undefined) throw new Error('no channel was made');
  return { control, channel, lifetime, heard };
}

describe('ControlChannel', () => {
  it('is agreed on in advance: id 0, no handshake', () => {
    expect(setUp().channel).toMatchObject({ label: 'parley', init: { negotiated: true, id: 0 } });
  });

  it('tells about our devices and what we show when it opens, not before', () => {
    const { control, channel } = setUp();
    control.sendMedia();
    control.sendViews();
    expect(channel.sent).toEqual([]);
    channel.open();
    const all = [
      '{"type":"media","camera":true,"microphone":false,"version":4}',
      '{"type":"view","source":"camera","width":640,"height":352}',
    ];
    expect(channel.sent).toEqual(all);
    control.sendMedia();
    control.sendViews();
    expect(channel.sent).toEqual([...all, ...all]);
  });

  it('asks for a sign of life that the other page does not see', async () => {
    const { control, channel } = setUp();
    expect(control.probe()).toBe(false);
    channel.open();
    expect(control.probe()).toBe(true);
    const asked = channel.sent.at(-1);
    const other = setUp();
    other.channel.deliver(asked);
    await settle();
    expect(other.heard).toEqual([]);
  });

  it('hears about theirs', async () => {
    const { channel, heard } = setUp();
    channel.deliver('{"type":"media","camera":false,"microphone":true,"version":1}');
    await settle();
    expect(heard).toEqual([{ type: 'media', camera: false, microphone: true, version: 1 }]);
  });

  it('ignores what it cannot read', async () => {
    const { channel, heard } = setUp();
    channel.deliver('nonsense');
    await settle();
    expect(heard).toEqual([]);
  });

  it('hears nothing after the end of the link', async () => {
    const { channel, lifetime, heard } = setUp();
    channel.deliver('{"type":"media","camera":false,"microphone":true,"version":1}');
    lifetime.abort();
    channel.deliver('{"type":"media","camera":false,"microphone":true,"version":2}');
    await settle();
    expect(heard).toEqual([]);
  });
});
