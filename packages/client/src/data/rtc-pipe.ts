/**
 * A pipe made of an RTCDataChannel. Both sides open it by agreement on its id, so that it needs no
 * handshake of its own.
 * @module
 */
import { LOW_WATER_BYTES } from './pipe.ts';
import type { Pipe } from './pipe.ts';

/** The part of an RTCPeerConnection that pipes need. */
export type PipeConnection = Pick<RTCPeerConnection, 'createDataChannel'>;

/** Opens the pipe with this id on a connection; it closes with the connection. */
export function openRtcPipe(
  connection: PipeConnection,
  id: number,
  init?: RTCDataChannelInit,
): Pipe {
  const channel = connection.createDataChannel('parley', { ...init, negotiated: true, id });
  channel.binaryType = 'arraybuffer';
  channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
  return {
    get bufferedBytes() {
      return channel.bufferedAmount;
    },
    send(message) {
      try {
        channel.send(message);
        return true;
      } catch {
        return false; // the browser's own queue is full, or the channel has just closed
      }
    },
    listen({ opened, received, drained }) {
      channel.addEventListener('open', opened);
      channel.addEventListener('bufferedamountlow', drained);
      channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (data instanceof ArrayBuffer) received(new Uint8Array(data));
      });
    },
  };
}
