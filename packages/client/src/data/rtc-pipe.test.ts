import { describe, expect, it } from 'vitest';
import { DataConnection } from '../../test/fakes/data-connection.ts';
import { LOW_WATER_BYTES } from './pipe.ts';
import { openRtcPipe } from './rtc-pipe.ts';

/** A pipe, what it told, and the data channel below. */
function open() {
  const [connection] = DataConnection.pair();
  const pipe = openRtcPipe(connection, 7, { ordered: false });
  const channel = connection.channels.get(7);
  if (channel === undefined) throw new Error('no data channel was opened');
  const told: string[] = [];
  pipe.listen({
    opened: () => told.push('opened'),
    received: (message) => told.push(`received ${Buffer.from(message).toString('hex')}`),
    drained: () => told.push('drained'),
  });
  return { pipe, channel, told };
}

describe('RtcPipe', () => {
  it('opens by agreement on the id', () => {
    const { channel, told } = open();
    expect(channel.init).toEqual({ negotiated: true, id: 7, ordered: false });
    expect(channel.bufferedAmountLowThreshold).toBe(LOW_WATER_BYTES);
    expect(told).toEqual([]);
    channel.open();
    expect(told).toEqual(['opened']);
  });

  it('says what waits, and when it has drained', () => {
    const { pipe, channel, told } = open();
    channel.open();
    expect(pipe.send(new Uint8Array(LOW_WATER_BYTES + 1))).toBe(true);
    expect(pipe.bufferedBytes).toBe(LOW_WATER_BYTES + 1);
    channel.deliver();
    expect(told).toEqual(['opened', 'drained']);
  });

  it('refuses instead of throwing when the browser cannot take a message', () => {
    const { pipe, channel } = open();
    expect(pipe.send(new Uint8Array(1))).toBe(false);
    channel.open();
    channel.isFull = true;
    expect(pipe.send(new Uint8Array(1))).toBe(false);
    channel.isFull = false;
    expect(pipe.send(new Uint8Array(1))).toBe(true);
  });

  it('passes on bytes, and nothing else that another page may send', () => {
    const { channel, told } = open();
    expect(channel.binaryType).toBe('arraybuffer');
    for (const data of ['text', Uint8Array.of(0xab, 0xcd).buffer, null, {}]) channel.arrive(data);
    expect(told).toEqual(['received abcd']);
  });
});
