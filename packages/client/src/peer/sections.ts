/**
 * Which m-line carries which source: the first audio section is the microphone, the first video
 * section the camera. Both sides send and receive in each of them from the start, with or without
 * a track, so that turning a device on never needs a negotiation. The screen gets its sections when
 * one is first shared, by one negotiation; descriptions name them, and both sides use them from then on.
 * @module
 */
import { DEVICE_SOURCES, KIND_OF_SOURCE, SOURCES } from '../media/source.ts';
import type { ScreenSource, Source } from '../media/source.ts';
import type { ScreenMids } from './signal.ts';

/** The transceiver of each source that has one already. */
export type Sections = ReadonlyMap<Source, RTCRtpTransceiver>;

/** Group what is sent: receivers play sound and picture of one stream at the same pace. */
export interface OutgoingStreams {
  readonly devices: MediaStream;
  readonly screen: MediaStream;
}

/** The part of an RTCPeerConnection that sections need. */
export type SectionConnection = Pick<RTCPeerConnection, 'addTransceiver' | 'getTransceivers'>;

/** Opens a section for each device. A page without this SDK finds both in one `event.streams[0]`. */
export function openSections(connection: SectionConnection, streams: OutgoingStreams): Sections {
  return new Map(
    DEVICE_SOURCES.map((source) => [source, openSection(connection, source, streams)]),
  );
}

/**
 * Takes over the sections of an offer that has just been applied, in which `mids` names those of the
 * screen. Where a device lacks one, a section is added; the browser then asks for a negotiation of its own.
 */
export function adoptSections(
  connection: SectionConnection,
  streams: OutgoingStreams,
  current: Sections,
  mids: ScreenMids,
): Sections {
  const adopted = new Map(current);
  const taken = new Set<RTCRtpTransceiver>();
  for (const source of SOURCES) {
    const own = current.get(source);
    const section =
      own !== undefined && isNegotiated(own)
        ? own
        : adoptSection(connection, streams, {
            source,
            own,
            accepts: isScreen(source)
              ? (offered) => offered.mid === mids[source] && !taken.has(offered)
              : () => true,
          });
    if (section === undefined) continue;
    taken.add(section);
    adopted.set(source, section);
  }
  return adopted;
}

/** Names of the screen's m-lines, as far as there are any. */
export function midsOf(sections: Sections): ScreenMids {
  const { mid: screen } = sections.get('screen') ?? {};
  const { mid: screenSound } = sections.get('screenSound') ?? {};
  return { ...(screen && { screen }), ...(screenSound && { screenSound }) };
}

interface Adoption {
  readonly source: Source;
  /** What only an offer of ours has, or nothing yet. */
  readonly own: RTCRtpTransceiver | undefined;
  readonly accepts: (offered: RTCRtpTransceiver) => boolean;
}

function adoptSection(
  connection: SectionConnection,
  streams: OutgoingStreams,
  { source, own, accepts }: Adoption,
): RTCRtpTransceiver | undefined {
  const offered = connection
    .getTransceivers()
    .find((each) => isOfKind(each, source) && isNegotiated(each) && accepts(each));
  if (offered === undefined) {
    return own ?? (isScreen(source) ? undefined : openSection(connection, source, streams));
  }
  // Our own offer was taken back in favour of this one, so our section carries nothing. It must not
  // be stopped: browsers want a negotiation for a stopped section without an m-line, for ever.
  if (own !== undefined) own.direction = 'inactive';
  offered.direction = 'sendrecv';
  offered.sender.setStreams(streamOf(source, streams));
  return offered;
}

/** Adds a section; the browser then asks for a negotiation. */
export function openSection(
  connection: SectionConnection,
  source: Source,
  streams: OutgoingStreams,
): RTCRtpTransceiver {
  return connection.addTransceiver(KIND_OF_SOURCE[source], {
    direction: 'sendrecv',
    streams: [streamOf(source, streams)],
  });
}

function streamOf(source: Source, { devices, screen }: OutgoingStreams): MediaStream {
  return isScreen(source) ? screen : devices;
}

function isScreen(source: Source): source is ScreenSource {
  return source === 'screen' || source === 'screenSound';
}

function isNegotiated({ mid, direction }: RTCRtpTransceiver): boolean {
  return mid !== null && direction !== 'stopped';
}

function isOfKind({ receiver }: RTCRtpTransceiver, source: Source): boolean {
  return receiver.track.kind === KIND_OF_SOURCE[source];
}
