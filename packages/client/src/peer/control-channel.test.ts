import { describe, expect, it } from 'vitest';
import { FakeConnection } from '../testing/fake-connection.ts';
import { ControlChannel } from './control-channel.ts';
import type { MediaState } from './media-state.ts';

function setUp() {
  const connection = new FakeConnection();
  const lifetime = new AbortController();
  const heard: MediaState[] = [];
  const media = { camera: true, microphone: false, version: 4 };
  const control = new ControlChannel({
    connection: connection.dom,
    media: () => media,
    onMedia: (state) => heard.push(state),
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

  it('tells about our devices when it opens, not before', () => {
    const { control, channel } = setUp();
    control.sendMedia();
    expect(channel.sent).toEqual([]);
    channel.open();
    expect(channel.sent).toEqual(['{"type":"media","camera":true,"microphone":false,"version":4}']);
    control.sendMedia();
    expect(channel.sent).toHaveLength(2);
  });

  it('asks for a sign of life that the other page does not see', () => {
    const { control, channel } = setUp();
    expect(control.probe()).toBe(false);
    channel.open();
    expect(control.probe()).toBe(true);
    const asked = channel.sent.at(-1);
    const other = setUp();
    other.channel.deliver(asked);
    expect(other.heard).toEqual([]);
  });

  it('hears about theirs', () => {
    const { channel, heard } = setUp();
    channel.deliver('{"type":"media","camera":false,"microphone":true,"version":1}');
    expect(heard).toEqual([{ camera: false, microphone: true, version: 1 }]);
  });

  it.each([
    'nonsense',
    'null',
    '[]',
    '{"type":"other","camera":true,"microphone":true,"version":1}',
    '{"type":"media","camera":1,"microphone":true,"version":1}',
    '{"type":"media","camera":true,"microphone":true}',
    `{"type":"media","camera":true,"microphone":true,"version":1,"pad":"${'x'.repeat(20_000)}"}`,
    new ArrayBuffer(4),
  ])('ignores %s', (data) => {
    const { channel, heard } = setUp();
    channel.deliver(data);
    expect(heard).toEqual([]);
  });

  it('hears nothing after the end of the link', () => {
    const { channel, lifetime, heard } = setUp();
    lifetime.abort();
    channel.deliver('{"type":"media","camera":false,"microphone":true,"version":1}');
    expect(heard).toEqual([]);
  });
});
