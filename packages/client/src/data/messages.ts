/**
 * What a channel does with each message: on its way out and when it has come.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import type { Emitter } from '../emitter.ts';
import type { Logger } from '../logger.ts';
import type { ChannelEvents, ChannelMessage, SendOptions } from './channel.ts';
import { decodeValue, encodeValue } from './codec.ts';
import type { Codec } from './codec.ts';
import { closedError, dataError } from './data-error.ts';
import { MAX_PAYLOAD_BYTES, MAX_QUEUED_BYTES } from './data-limits.ts';
import type { Inbox } from './inbox.ts';
import type { LaneReceiver } from './incoming-stream.ts';
import type { Message, OutgoingMessage } from './outgoing-stream.ts';
import type { PeerData } from './peer-data.ts';
import type { Delivery } from './peer-pipes.ts';

/** What a channel works with. */
export interface RoomChannelOptions {
  readonly name: string;
  readonly delivery: Delivery;
  readonly codec: Codec<unknown> | undefined;
  /** Those who are in the room; the owner keeps it up to date. */
  readonly peers: ReadonlyMap<PeerId, PeerData>;
  readonly logger: Logger;
}

/** What messages need of a channel. */
export interface ChannelPort extends RoomChannelOptions {
  readonly isClosed: () => boolean;
  readonly events: Emitter<ChannelEvents<unknown>>;
  readonly inboxes: ReadonlySet<Inbox<ChannelMessage<unknown>>>;
}

/** As `Channel.send` says. */
export async function sendMessage(
  port: ChannelPort,
  value: unknown,
  { to, signal }: SendOptions,
): Promise<void> {
  signal?.throwIfAborted();
  if (port.isClosed()) throw closedError();
  const message = encodeValue(value, port.codec);
  checkSize(port, message);
  const isToAll = to === undefined;
  const ids = isToAll ? port.peers.keys() : new Set(typeof to === 'string' ? [to] : to);
  const targets = Array.from(ids, (id) => find(port, id));
  await Promise.all(targets.map((data) => sendTo(port, data, { message, isToAll, signal })));
}

/** What takes the messages of one peer. Their memory is given back when every loop has read them. */
export function receiverOf(port: ChannelPort, from: PeerId): LaneReceiver {
  const { codec, inboxes, events, logger } = port;
  return {
    received(message, release) {
      let untaken = 1;
      const taken = (): void => {
        untaken -= 1;
        if (untaken === 0) release();
      };
      try {
        const received = { from, data: decodeValue(message, codec) };
        untaken += inboxes.size;
        for (const inbox of inboxes) inbox.push(received, taken);
        events.emit('message', received);
      } catch (error) {
        logger.debug('dropped a message that could not be decoded', { from, error });
      }
      taken();
    },
    unheard: () => events.emit('unheard', { peer: from }),
  };
}

function sendTo(
  port: ChannelPort,
  data: PeerData,
  {
    message,
    isToAll,
    signal,
  }: {
    readonly message: Message;
    readonly isToAll: boolean;
    readonly signal: AbortSignal | undefined;
  },
): Promise<void> {
  const lane = data[port.delivery];
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      lane.withdraw(port.name, outgoing);
      reject(signal?.reason);
    };
    const outgoing: OutgoingMessage = {
      ...message,
      settle: (error) => {
        signal?.removeEventListener('abort', abort);
        if (port.isClosed()) reject(closedError());
        // What is meant for all goes on without those who are gone or never had channels.
        else if (error === undefined || (isToAll && error === data.refusal)) resolve();
        else reject(error);
      },
    };
    signal?.addEventListener('abort', abort, { once: true });
    lane.send(port.name, outgoing);
  });
}

function find({ peers }: ChannelPort, id: PeerId): PeerData {
  const data = peers.get(id);
  if (data === undefined) throw dataError('ERR_PEER_UNKNOWN', 'Nobody here has this id.');
  return data;
}

function checkSize({ delivery }: ChannelPort, { bytes }: Message): void {
  const limit = delivery === 'unreliable' ? MAX_PAYLOAD_BYTES : MAX_QUEUED_BYTES;
  if (bytes.length > limit) {
    throw dataError('ERR_DATA_SIZE', `A message has at most ${limit} bytes. Send it in parts.`);
  }
}
