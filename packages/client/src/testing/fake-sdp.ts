/**
 * Session descriptions with only what negotiation looks at: m-lines, their ids and directions, and
 * the user fragment.
 * @module
 */

/** One m-line. */
export interface FakeSection {
  readonly kind: 'audio' | 'video' | 'application';
  readonly mid: string;
  /** `'stopped'` is written as port 0. */
  readonly direction: RTCRtpTransceiverDirection;
}

/** A description. */
export interface FakeSdp {
  readonly ufrag: string;
  readonly sections: readonly FakeSection[];
}

/** Writes a description. */
export function formatSdp({ ufrag, sections }: FakeSdp): string {
  const lines = sections.flatMap(({ kind, mid, direction }) => [
    `m=${kind} ${direction === 'stopped' ? 0 : 9} RTP 0`,
    `a=mid:${mid}`,
    `a=ice-ufrag:${ufrag}`,
    `a=${direction === 'stopped' ? 'inactive' : direction}`,
  ]);
  return ['v=0', ...lines, ''].join('\r\n');
}

/** Reads a description. @throws when it is none */
export function parseSdp(sdp: string): FakeSdp {
  if (!sdp.startsWith('v=0')) throw new DOMException('not a description', 'OperationError');
  const sections = sdp.split(/^m=/mu).slice(1).map(parseSection);
  return { ufrag: /a=ice-ufrag:(\S+)/u.exec(sdp)?.[1] ?? '', sections };
}

const DIRECTIONS = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;

function parseSection(text: string): FakeSection {
  const kinds = ['audio', 'video', 'application'] as const;
  const kind = kinds.find((name) => text.startsWith(name)) ?? 'application';
  const direction = DIRECTIONS.find((name) => text.includes(`a=${name}`)) ?? 'sendrecv';
  const isStopped = text.startsWith(`${kind} 0 `);
  return {
    kind,
    mid: /a=mid:(\S+)/u.exec(text)?.[1] ?? '',
    direction: isStopped ? 'stopped' : direction,
  };
}

/** Whether the one who wrote this direction wants to send. */
export function sends(direction: RTCRtpTransceiverDirection): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

/** Whether an answer has the m-lines of its offer. */
export function haveSameLines(offer: FakeSdp, answer: FakeSdp): boolean {
  return linesOf(offer) === linesOf(answer);
}

function linesOf({ sections }: FakeSdp): string {
  return sections.map(({ kind, mid }) => `${kind}:${mid}`).join();
}

/** What an answer says, given the offer and what the answering side wants. */
export function answerTo(
  offered: RTCRtpTransceiverDirection,
  wanted: RTCRtpTransceiverDirection,
): RTCRtpTransceiverDirection {
  if (offered === 'stopped' || wanted === 'stopped') return 'stopped';
  const canSend = offered !== 'sendonly' && offered !== 'inactive' && sends(wanted);
  const canReceive = sends(offered) && wanted !== 'sendonly' && wanted !== 'inactive';
  if (canSend) return canReceive ? 'sendrecv' : 'sendonly';
  return canReceive ? 'recvonly' : 'inactive';
}
