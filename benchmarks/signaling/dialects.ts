/**
 * How a client of each server speaks, over a bare WebSocket: the generator must not be what is measured,
 * so it has no client library. Only what these benchmarks send is here.
 * @see https://socket.io/docs/v4/engine-io-protocol/ and https://socket.io/docs/v4/socket-io-protocol/
 * @module
 */

/** What came, as far as a benchmark cares. */
export type Heard =
  | { readonly kind: 'ready' }
  | { readonly kind: 'joined'; readonly id: string }
  | { readonly kind: 'signal'; readonly from: string }
  /** Somebody came, perhaps with an offer. */
  | { readonly kind: 'welcome'; readonly id: string }
  | { readonly kind: 'nothing'; readonly reply?: string };

/** One way to talk to a server. A connection opens, is ready, joins, and then sends. */
export interface Dialect {
  /** Address to connect to. */
  readonly url: (port: number, id: string) => string;
  /** What to say first, if anything. */
  readonly hello: string | undefined;
  /** Enters a room; undefined where there are none, and being ready is enough. */
  readonly join: ((room: string, offer: string | undefined) => string) | undefined;
  /** How its client library sets up a call. */
  readonly callStyle: CallStyle;
  /** Leaves the room, where closing the connection does not. */
  readonly leave?: string;
  /** A message to the other one; `text` is the SDP, or the candidate. */
  readonly signal: (signal: OutgoingSignal) => string;
  readonly read: (frame: string) => Heard;
}

/** What two people send each other before they see each other. */
export interface CallStyle {
  /** The offer of the second one comes with its join. */
  readonly offersWithJoin: boolean;
  /** Messages with one candidate each, from each side. */
  readonly candidates: number;
  /** Of a description, with the candidates that are inside. */
  readonly descriptionBytes: number;
}

/** One message to be sent. */
export interface OutgoingSignal {
  readonly type: 'offer' | 'answer' | 'icecandidate';
  readonly text: string;
  readonly from: string;
  readonly to: string;
  readonly room: string;
}

/** About what a browser gathers: PeerJS needs some 25 messages for a call. */
const CANDIDATES = 10;
const CANDIDATE_BYTES = 150;
const DESCRIPTION_BYTES = 1500;

/** Each candidate is a message, as in every tutorial. */
const TRICKLING: CallStyle = {
  offersWithJoin: false,
  candidates: CANDIDATES,
  descriptionBytes: DESCRIPTION_BYTES,
};
/** Candidates are gathered before, and travel in the description. */
const PREPARED: CallStyle = {
  offersWithJoin: true,
  candidates: 0,
  descriptionBytes: DESCRIPTION_BYTES + CANDIDATES * CANDIDATE_BYTES,
};

const NOTHING: Heard = { kind: 'nothing' };
const ENGINE_PING = '2';
const ENGINE_PONG = '3';
const EVENT = '42';
const JOIN_ACK = '431';
const WELCOME = '42["welcome"';
const SIGNAL = /^42\["(?:offer|answer|icecandidate)"/u;
const FROM = /"(?<from>[\w-]+)",\d+\]$/u;

/** Parley, as its SDK speaks: every message is answered. */
export const parleyDialect: Dialect = {
  url: (port) => `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`,
  hello: '40',
  join: (room, offer) => {
    const payload = offer === undefined ? '' : `,"offer":${payloadOf('offer', offer)}`;
    return `421["join",{"room":"${room}","name":"Ada","features":["offer","resume"]${payload}}]`;
  },
  callStyle: PREPARED,
  leave: `${EVENT}["leave"]`,
  signal: ({ type, text, to, room }) =>
    `${EVENT}2["${type}",${payloadOf(type, text)},"${room}","${to}"]`,
  read: (frame) => {
    if (frame === ENGINE_PING) return { kind: 'nothing', reply: ENGINE_PONG };
    if (frame.startsWith('40{')) return { kind: 'ready' };
    if (frame.startsWith(JOIN_ACK)) return { kind: 'joined', id: idIn(frame) };
    if (frame.startsWith(WELCOME)) return { kind: 'welcome', id: idIn(frame) };
    if (!SIGNAL.test(frame)) return NOTHING;
    return { kind: 'signal', from: FROM.exec(frame)?.groups?.['from'] ?? '' };
  },
};

/** Parley, as a page from a tutorial speaks: nobody asks for answers. */
export const plainDialect: Dialect = {
  ...parleyDialect,
  join: (room) => `421["join","${room}"]`,
  callStyle: TRICKLING,
  signal: ({ type, text, to, room }) =>
    `${EVENT}["${type}",${payloadOf(type, text)},"${room}","${to}"]`,
};

/** PeerJS, with an id that the page has chosen. */
export const peerJsDialect: Dialect = {
  url: (port, id) => `ws://127.0.0.1:${port}/peerjs?key=peerjs&id=${id}&token=${id}&version=1.5.5`,
  hello: undefined,
  join: undefined,
  callStyle: TRICKLING,
  signal: ({ type, text, to }) =>
    JSON.stringify({ type: PEERJS_TYPES[type], payload: peerJsPayload(type, text), dst: to }),
  read: (frame) => {
    if (frame === '{"type":"OPEN"}') return { kind: 'ready' };
    const src = /"src":"(?<from>[^"]+)"/u.exec(frame)?.groups?.['from'];
    return src === undefined ? NOTHING : { kind: 'signal', from: src };
  },
};

/** The least that a server by hand can do: passes an envelope on to whoever it names. */
export const bareDialect: Dialect = {
  url: (port, id) => `ws://127.0.0.1:${port}/?id=${id}`,
  hello: undefined,
  join: undefined,
  callStyle: TRICKLING,
  signal: ({ type, text, from, to }) =>
    `{"type":"${type}","to":"${to}","from":"${from}","payload":${payloadOf(type, text)}}`,
  read: (frame) => {
    if (frame === '{"type":"ready"}') return { kind: 'ready' };
    return { kind: 'signal', from: /"from":"(?<from>[^"]+)"/u.exec(frame)?.groups?.['from'] ?? '' };
  },
};

const PEERJS_TYPES = { offer: 'OFFER', answer: 'ANSWER', icecandidate: 'CANDIDATE' } as const;

function payloadOf(type: OutgoingSignal['type'], text: string): string {
  return JSON.stringify(
    type === 'icecandidate'
      ? { candidate: text, sdpMid: '0', sdpMLineIndex: 0 }
      : { type, sdp: text },
  );
}

function peerJsPayload(type: OutgoingSignal['type'], text: string): object {
  const connection = { type: 'media', connectionId: 'mc_0123456789' };
  if (type !== 'icecandidate') return { ...connection, sdp: { type, sdp: text } };
  return { ...connection, candidate: { candidate: text, sdpMid: '0', sdpMLineIndex: 0 } };
}

function idIn(frame: string): string {
  return /"id":"(?<id>[^"]+)"/u.exec(frame)?.groups?.['id'] ?? '';
}
