import { describe, expect, it } from 'vitest';
import { DataConnection } from '../../test/fakes/data-connection.ts';
import { LOW_WATER_BYTES } from './pipe.ts';
import { rtcPipe } from './rtc-pipe.ts';

/** A pipe, what it told, and the data channel below. */
function open() {
  const [connection] = DataConnection.pair();
  const told: string[] = [];
  const pipe = rtcPipe(connection.createDataChannel('', { id: 7 }), () => told.push('drained'));
  const channel = connection.channels.get(7);
  if (channel === undefined) throw new Error('no data channel was opened');
  return { pipe, channel, told };
}

describe('RtcPipe', () => {
  it('says what waits, and when it has drained', () => {
    const { pipe, channel, told } = open();
    expect(channel.bufferedAmountLowThreshold).toBe(LOW_WATER_BYTES);
    channel.open();
    expect(pipe.send(new Uint8Array(LOW_WATER_BYTES + 1))).toBe(true);
    expect(pipe.bufferedBytes).toBe(LOW_WATER_BYTES + 1);
    channel.deliver();
    expect(told).toEqual(['drained']);
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
});
