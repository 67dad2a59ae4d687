/**
 * What a page sends, seen from its own side.
 * @module
 */
import type { ConnectionReading } from '@parley/testkit';

/** What must not change while devices come and go: who sends on which section, after how many offers. */
export function negotiated(reading: ConnectionReading | undefined): object | undefined {
  return (
    reading && {
      id: reading.id,
      offersMade: reading.offersMade,
      offersReceived: reading.offersReceived,
      senders: reading.senders.map(({ transceiver, sender, mid }) => ({
        transceiver,
        sender,
        mid,
      })),
    }
  );
}

/** Label of the device that is being sent. */
export function sentDevice(
  reading: ConnectionReading | undefined,
  kind: 'audio' | 'video',
): string | undefined {
  return reading?.senders.find((sender) => sender.kind === kind)?.track?.label;
}
