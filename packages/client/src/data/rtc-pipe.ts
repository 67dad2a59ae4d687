/**
 * A pipe made of an RTCDataChannel.
 * @module
 */
import { LOW_WATER_BYTES } from './pipe.ts';
import type { Pipe } from './pipe.ts';

/** Makes a pipe of a data channel; `drained` is called when what waits has fallen to the low mark. */
export function rtcPipe(channel: RTCDataChannel, drained: () => void): Pipe {
  channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
  channel.addEventListener('bufferedamountlow', drained);
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
  };
}
