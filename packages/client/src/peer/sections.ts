/**
 * Which m-line carries which source: the first audio section is the microphone, the first video
 * section the camera. Both sides send and receive in each of them from the start, with or without
 * a track, so that turning a device on never needs a negotiation.
 * @module
 */
import { KIND_OF_SOURCE, SOURCES } from '../media/source.ts';
import type { Source } from '../media/source.ts';

/** The transceiver of each source that has one already. */
export type Sections = ReadonlyMap<Source, RTCRtpTransceiver>;

/** The part of an RTCPeerConnection that sections need. */
export type SectionConnection = Pick<RTCPeerConnection, 'addTransceiver' | 'getTransceivers'>;

/** Opens a section for every source. `stream` groups them, for pages that read `event.streams`. */
export function openSections(connection: SectionConnection, stream: MediaStream): Sections {
  return new Map(SOURCES.map((source) => [source, openSection(connection, source, stream)]));
}

/**
 * Takes over the sections of an offer that has just been applied. Where it lacks one, a section is
 * added; the browser then asks for a negotiation of its own.
 */
export function adoptSections(
  connection: SectionConnection,
  stream: MediaStream,
  current: Sections,
): Sections {
  return new Map(
    SOURCES.map((source) => [source, adoptSection(connection, stream, { source, current })]),
  );
}

function adoptSection(
  connection: SectionConnection,
  stream: MediaStream,
  { source, current }: { readonly source: Source; readonly current: Sections },
): RTCRtpTransceiver {
  const own = current.get(source);
  if (own !== undefined && isNegotiated(own)) return own;
  const offered = connection
    .getTransceivers()
    .find((transceiver) => isOfKind(transceiver, source) && isNegotiated(transceiver));
  if (offered === undefined) return own ?? openSection(connection, source, stream);
  // Our own offer was taken back in favour of this one, so our section carries nothing. It must not
  // be stopped: browsers want a negotiation for a stopped section without an m-line, for ever.
  if (own !== undefined) own.direction = 'inactive';
  offered.direction = 'sendrecv';
  offered.sender.setStreams(stream);
  return offered;
}

function openSection(
  connection: SectionConnection,
  source: Source,
  stream: MediaStream,
): RTCRtpTransceiver {
  return connection.addTransceiver(KIND_OF_SOURCE[source], {
    direction: 'sendrecv',
    streams: [stream],
  });
}

function isNegotiated({ mid, direction }: RTCRtpTransceiver): boolean {
  return mid !== null && direction !== 'stopped';
}

function isOfKind({ receiver }: RTCRtpTransceiver, source: Source): boolean {
  return receiver.track.kind === KIND_OF_SOURCE[source];
}
