/**
 * Payloads of `offer`, `answer` and `icecandidate`: plain W3C dictionaries, so that a page written
 * without this SDK can read and write them, plus one extra member `parley`.
 * Decoding is total: an untrusted payload becomes a value or `undefined`.
 * @module
 */
import type { Json, Payload, RelayedEvent } from '@parley/protocol';
import type { ScreenSource } from '../media/source.ts';
import { decodeMediaState, isFields } from './media-state.ts';
import type { MediaState } from './media-state.ts';

/** Names of the m-lines that carry a shared screen, for those that have one already. Untrusted. */
export type ScreenMids = { readonly [S in ScreenSource]?: Json };

/** What an SDK peer adds to a description. */
export interface DescriptionMark {
  /** Which connection of the pair this belongs to; grows when a connection is rebuilt. */
  readonly epoch: number;
  /** Number of the offer, counted by the one who offers; an answer repeats it. */
  readonly offer: number;
  readonly media: MediaState | undefined;
  readonly mids?: ScreenMids;
}

/** An offer or answer. Without a mark it comes from a page that does not use this SDK. */
export interface DescriptionSignal {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
  readonly mark: DescriptionMark | undefined;
}

/** A way to reach the other side. */
export interface CandidateSignal {
  readonly type: 'candidate';
  readonly candidate: RTCIceCandidateInit;
  readonly epoch: number | undefined;
}

/** More than any description has. */
const MAX_BATCH = 64;

/** One message from a peer, decoded. */
export type PeerSignal = DescriptionSignal | CandidateSignal;

/** Decodes what the server passed on: one signal, several candidates, or nothing. */
export function decodeSignals(event: RelayedEvent, payload: Payload): readonly PeerSignal[] {
  const { candidates = null, parley = null } = payload ?? {};
  const isBatch = event === 'icecandidate' && Array.isArray(candidates);
  const singles: readonly Payload[] = isBatch
    ? candidates.slice(0, MAX_BATCH).map((one: Json) => withMark(one, parley))
    : [payload];
  return singles.flatMap((single) => decodeSignal(event, single) ?? []);
}

function withMark(candidate: Json, parley: Json): Payload {
  return isFields(candidate) ? { ...candidate, parley } : null;
}

/** Decodes one signal; `undefined` for what says nothing, such as the last candidate. */
export function decodeSignal(event: RelayedEvent, payload: Payload): PeerSignal | undefined {
  if (!isFields(payload)) return undefined;
  return event === 'icecandidate' ? decodeCandidate(payload) : decodeDescription(event, payload);
}

/** The payload of an offer or answer. */
export function encodeDescription(
  type: 'offer' | 'answer',
  sdp: string,
  { epoch, offer, media, mids }: DescriptionMark,
): Payload {
  return {
    type,
    sdp,
    parley: { epoch, offer, media: media ? { ...media } : null, mids: { ...mids } },
  };
}

/** The payload of a candidate. */
export function encodeCandidate(candidate: RTCIceCandidateInit, epoch: number): Payload {
  return { ...candidate, parley: { epoch } };
}

/** The payload of several, for SDK peers only. */
export function encodeCandidates(
  candidates: readonly RTCIceCandidateInit[],
  epoch: number,
): Payload {
  return { candidates: candidates.map((candidate) => ({ ...candidate })), parley: { epoch } };
}

type Fields = { readonly [key: string]: Json };

function decodeDescription(
  type: 'offer' | 'answer',
  { sdp, parley }: Fields,
): DescriptionSignal | undefined {
  if (typeof sdp !== 'string') return undefined;
  return { type, sdp, mark: decodeMark(parley) };
}

function decodeMark(parley: Json | undefined): DescriptionMark | undefined {
  if (!isFields(parley)) return undefined;
  const { epoch, offer, media, mids } = parley;
  if (typeof epoch !== 'number' || typeof offer !== 'number') return undefined;
  const named = isFields(mids) ? { mids } : {};
  return { epoch, offer, media: decodeMediaState(media), ...named };
}

function decodeCandidate(fields: Fields): CandidateSignal | undefined {
  const { candidate, sdpMid, sdpMLineIndex, usernameFragment, parley } = fields;
  // An empty candidate marks the end of one generation, as `null` marks the end of all.
  if (typeof candidate !== 'string' || candidate === '') return undefined;
  const ufrag = typeof usernameFragment === 'string' ? usernameFragment : ufragOf(candidate);
  return {
    type: 'candidate',
    candidate: {
      candidate,
      sdpMid: typeof sdpMid === 'string' ? sdpMid : null,
      sdpMLineIndex: typeof sdpMLineIndex === 'number' ? sdpMLineIndex : null,
      usernameFragment: ufrag ?? null,
    },
    epoch: isFields(parley) && typeof parley.epoch === 'number' ? parley.epoch : undefined,
  };
}

/** The candidate line repeats the user fragment as an extension: `... typ host ufrag abcd ...`. */
function ufragOf(candidate: string): string | undefined {
  return / ufrag (\S+)/u.exec(candidate)?.[1];
}
