/**
 * The Socket.IO rim: one session per socket, events in, events out. No rule of the protocol is
 * decided here.
 * @module
 */
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { MAX_PAYLOAD_BYTES } from '@parley/protocol';
import type { ByeReason, ClientToServerEvents, ServerToClientEvents } from '@parley/protocol';
import { Server } from 'socket.io';
import type { DisconnectReason, Socket } from 'socket.io';
import { SYSTEM_CLOCK } from './clock.ts';
import { ConnectionLimit } from './connection-limit.ts';
import { addressKey } from './door/address-key.ts';
import type { RelayedSignal, Signal } from './membership/membership.ts';
import type { Nodes } from './nodes/nodes.ts';
import type { EdgeSocket } from './nodes/remote-session.ts';
import { guard } from './operations/gate.ts';
import type { GateContext } from './operations/gate.ts';
import type { Session, SessionSocket } from './session.ts';

/** What the signaling service works with. */
export interface SignalingContext {
  /** A session for a client that came with this request, from the address that stands for it. */
  readonly newSession: (
    socket: SessionSocket,
    address: string,
    request: IncomingMessage,
  ) => Session;
  /** Absent: this server is the only one. */
  readonly nodes: Nodes | undefined;
  /** Whether the page that a request comes from may talk to us. */
  readonly allowsOrigin: (request: IncomingMessage) => boolean;
  /** Stands before every session. */
  readonly gate: GateContext;
  /** Where a request comes from. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** See {@link ConnectionLimit}. */
  readonly maxConnectionsPerAddress: number | undefined;
}

/** A running signaling service. */
export interface Signaling {
  /** Connected sockets, in a room or not. */
  readonly connectionCount: number;
  /** Disconnects everybody and closes the HTTP server with it. */
  close(): Promise<void>;
}

/** What we use of a connection of Engine.IO, whose types say `any`. */
interface EngineConnection {
  readonly request: IncomingMessage;
  once(event: 'close', listener: () => void): void;
}

type ParleySocket = Socket<ClientToServerEvents, ServerToClientEvents>;

/**
 * Largest frame the transport takes. Twice the payload limit, so that a payload that is somewhat
 * too large is answered with `ERR_MESSAGE_SIZE`, and only abuse is cut off unread.
 */
const MAX_FRAME_BYTES = 2 * MAX_PAYLOAD_BYTES;
/** A peer whose network died silently is noticed after at most the sum of both. */
const PING_INTERVAL_MS = 15_000;
const PING_TIMEOUT_MS = 10_000;
/** A Socket.IO packet of the default namespace that carries an event. */
const EVENT_PACKET = '2';
/** Time a connection has to say which namespace it wants. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Serves `/socket.io/` on `http`: websocket, long polling, and the browser client itself. */
export function attachSignaling(http: HttpServer, context: SignalingContext): Signaling {
  const limit = new ConnectionLimit(context.maxConnectionsPerAddress, SYSTEM_CLOCK.now);
  const io = new Server<ClientToServerEvents, ServerToClientEvents>(http, {
    serveClient: true,
    transports: ['polling', 'websocket'],
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: MAX_FRAME_BYTES,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    allowRequest: (request, decide) => {
      const isWelcome = context.nodes?.isRetired !== true && context.allowsOrigin(request);
      decide(null, isWelcome && limit.allows(context.addressOf(request)));
    },
  });
  io.engine.on('connection', (connection: EngineConnection) => {
    const address = context.addressOf(connection.request);
    limit.opened(address);
    connection.once('close', () => limit.closed(address));
  });
  const encode = relayEncoder();
  // Socket.IO's own recovery keeps every packet of everybody; ours is in `membership/`.
  io.on('connection', (socket) => {
    writeAtOnce(socket);
    openSession(socket, context, encode);
  });
  return {
    get connectionCount() {
      return io.of('/').sockets.size;
    },
    close: () => io.close(),
  };
}

/** What is sent to one client in one turn of the event loop becomes one system call, not one for each message. */
function writeAtOnce({ conn, request }: ParleySocket): void {
  // By long polling each answer has a connection of its own.
  if (request.headers.upgrade === undefined) return;
  const { socket: tcp } = request;
  conn.on('flush', () => {
    tcp.cork();
    process.nextTick(() => tcp.uncork());
  });
}

type EncodeRelayed = (signal: RelayedSignal, seq: number) => string;

/** Writes Socket.IO packets of relayed signals; of one for many receivers the payload is written once. */
function relayEncoder(): EncodeRelayed {
  let last: RelayedSignal | undefined;
  let json = '';
  return (signal, seq) => {
    if (signal !== last) json = JSON.stringify(signal.payload);
    last = signal;
    return `${EVENT_PACKET}["${signal.event}",${json},"${signal.from}",${seq}]`;
  };
}

function openSession(socket: ParleySocket, context: SignalingContext, encode: EncodeRelayed): void {
  const { newSession, nodes } = context;
  const address = addressKey(context.addressOf(socket.request));
  const rim = edgeSocket(socket, encode);
  const local = newSession(rim, address, socket.request);
  const session = nodes?.route(local, rim, address) ?? local;
  const receive = guard((event, args) => session.receive(event, args), context.gate);
  // One listener for every event: what is not in the vocabulary deserves an answer too.
  socket.onAny((event: unknown, ...args: unknown[]) => receive(event, args));
  socket.on('disconnect', (reason) => session.close(byeReason(reason)));
}

function edgeSocket(socket: ParleySocket, encode: EncodeRelayed): EdgeSocket {
  return {
    send(signal, seq) {
      // Past Socket.IO's encoder, which would write the payload again for each receiver.
      if ('payload' in signal) socket.conn.write(encode(signal, seq));
      else emitSignal(socket, signal, seq);
    },
    error: (refusal, event) => socket.emit('error', refusal, event),
    knocked: (verdict) => socket.emit('knocked', verdict),
    disconnect: () => socket.disconnect(true),
    cut: () => socket.conn.close(),
  };
}

function emitSignal(
  socket: ParleySocket,
  signal: Exclude<Signal, RelayedSignal>,
  seq: number,
): void {
  switch (signal.event) {
    case 'welcome':
      if (signal.offer === null) socket.emit('welcome', signal.peer, seq);
      else socket.emit('welcome', signal.peer, seq, signal.offer);
      break;
    case 'bye':
      socket.emit('bye', signal.peer, signal.reason, seq);
      break;
    case 'iceServers':
      socket.emit('iceServers', signal.iceServers, seq);
      break;
    case 'door':
      if (signal.session === undefined) socket.emit('door', signal.state, seq);
      else socket.emit('door', signal.state, seq, signal.session);
      break;
    case 'mute':
      socket.emit('mute', signal.from, seq);
      break;
  }
}

/**
 * Only a client that calls `socket.disconnect()` has said goodbye; all else is a loss. When the
 * server stops nobody has left: the calls between peers go on without it.
 */
function byeReason(reason: DisconnectReason): ByeReason | undefined {
  if (reason === 'server shutting down') return undefined;
  return reason === 'client namespace disconnect' ? 'left' : 'lost';
}
