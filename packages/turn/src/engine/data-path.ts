/**
 * The way of the media: ChannelData and Send from clients, datagrams from peers. Everything is done
 * in the bytes of the received packet: headers are rewritten around the payload where it lies.
 * Allocates nothing per packet.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-11
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-12.6
 * @module
 */
import { randomFillSync } from 'node:crypto';
import { decodeXorAddress } from '../wire/address-attribute.ts';
import { ATTRIBUTE } from '../wire/attribute-type.ts';
import {
  CHANNEL_HEADER_BYTES,
  channelPayloadLength,
  writeChannelHeader,
} from '../wire/channel-data.ts';
import { writeDataIndication } from '../wire/data-indication.ts';
import { ABSENT, paddedLength } from '../wire/message-reader.ts';
import type { MessageReader } from '../wire/message-reader.ts';
import { MessageWriter, TRANSACTION_ID_BYTES } from '../wire/message-writer.ts';
import { emptyAddress } from '../wire/transport-address.ts';
import type { TransportAddress } from '../wire/transport-address.ts';
import type { Allocation } from './allocation.ts';
import type { DropReason } from './counters.ts';
import type { EngineCore } from './engine-core.ts';
import type { Receiver } from './neighbour.ts';
import type { Outbox } from './outbox.ts';
import type { ReceivedPacket } from './packet-socket.ts';
import type { Reach } from './permission-list.ts';

/** A Send with anything else that must be understood (DONT-FRAGMENT) is dropped. */
const KNOWN_IN_SEND: ReadonlySet<number> = new Set([ATTRIBUTE.xorPeerAddress, ATTRIBUTE.data]);
const TRANSACTION_COUNTER_AT: number = TRANSACTION_ID_BYTES - 4;

/** Relays packets between the allocations of one engine, and in open mode to sockets. */
export class DataPath {
  readonly #core: EngineCore;
  readonly #outbox: Outbox;
  readonly #writer = new MessageWriter();
  /** Where the payload of the packet at hand lies. */
  readonly #payload: { buffer: Buffer; offset: number; length: number } = {
    buffer: Buffer.alloc(0),
    offset: 0,
    length: 0,
  };
  readonly #peer: TransportAddress = emptyAddress();
  /** Of Data indications: random once, then counted up. Nobody answers them. */
  readonly #transactionId: Buffer = randomFillSync(Buffer.alloc(TRANSACTION_ID_BYTES));

  constructor(core: EngineCore, outbox: Outbox) {
    this.#core = core;
    this.#outbox = outbox;
  }

  /** ChannelData from a client. */
  onChannelData(packet: ReceivedPacket, nowMs: number): void {
    const { buffer, offset, length } = packet;
    const payloadLength = channelPayloadLength(buffer, offset, length);
    if (payloadLength < 0) return this.#drop('malformed');
    const sender = this.#senderOf(packet, nowMs);
    if (sender === undefined) return this.#drop('noAllocation');
    const channel = sender.channels.findByNumber(buffer.readUInt16BE(offset), nowMs);
    if (channel === undefined) return this.#drop('noChannel');
    this.#payload.buffer = buffer;
    this.#payload.offset = offset + CHANNEL_HEADER_BYTES;
    this.#payload.length = payloadLength;
    this.#send(sender, channel.peer, channel.reach, nowMs);
  }

  /**
   * A Send indication from a client.
   * @throws {StunDecodeError} when its peer address is malformed.
   */
  onSend(message: MessageReader, packet: ReceivedPacket, nowMs: number): void {
    const sender = this.#senderOf(packet, nowMs);
    if (sender === undefined) return this.#drop('noAllocation');
    const peer = this.#peer;
    const data = message.find(ATTRIBUTE.data);
    const isWhole =
      data !== ABSENT &&
      decodeXorAddress(message, ATTRIBUTE.xorPeerAddress, peer) &&
      message.unknownRequired(KNOWN_IN_SEND).length === 0;
    if (!isWhole) return this.#drop('malformed');
    const permission = sender.permissions.find(peer, nowMs);
    if (permission === undefined) return this.#drop('noPermission');
    this.#payload.buffer = message.bytes;
    this.#payload.offset = message.valueOffset(data);
    this.#payload.length = message.valueLength(data);
    this.#send(sender, peer, permission.reach, nowMs);
  }

  /** A datagram from a peer, received on a relay socket. */
  onPeerPacket(packet: ReceivedPacket, nowMs: number): void {
    const receiver = this.#core.allocations.findByRelaySocket(packet.socket);
    if (receiver === undefined || !receiver.isLive(nowMs)) return this.#drop('noAllocation');
    if (packet.from.port === 0) return this.#drop('malformed');
    // A permission for another allocation of this server says nothing about its address at large.
    const reach = receiver.permissions.find(packet.from, nowMs)?.reach;
    if (reach !== 'external') return this.#drop('noPermission');
    if (!this.#mayPass(receiver, packet.length, nowMs)) return this.#drop('bandwidth');
    this.#payload.buffer = packet.buffer;
    this.#payload.offset = packet.offset;
    this.#payload.length = packet.length;
    this.#deliver(receiver, packet.from, nowMs);
  }

  #senderOf(packet: ReceivedPacket, nowMs: number): Allocation | undefined {
    const sender = this.#core.allocations.find(packet.socket, packet.from);
    return sender?.isLive(nowMs) === true ? sender : undefined;
  }

  /** Passes the payload from a client on to a peer it may reach. */
  #send(sender: Allocation, peer: TransportAddress, reach: Reach, nowMs: number): void {
    const { length } = this.#payload;
    if (!this.#mayPass(sender, length, nowMs)) return this.#drop('bandwidth');
    const relayed = sender.relayed(peer.family);
    if (relayed === undefined) return this.#drop('noPeer');
    const receiver = this.#core.allocations.findRelayed(sender.room, peer);
    if (receiver !== undefined) {
      const isReachable = receiver.room === sender.room && receiver.isLive(nowMs);
      if (!isReachable) return this.#drop('noPeer');
      if (receiver.permissions.find(relayed.address, nowMs) === undefined) {
        return this.#drop('noPermission');
      }
      count(sender, length);
      return this.#deliver(receiver, relayed.address, nowMs);
    }
    if (reach !== 'external' || relayed.socket === undefined || peer.port === 0) {
      return this.#drop('noPeer');
    }
    count(sender, length);
    this.#countRelayed();
    this.#outbox.expectFlush(relayed.socket);
    relayed.socket.send(this.#payload.buffer, this.#payload.offset, length, peer);
  }

  /** Hands the payload to a client that has a permission for `peer`. */
  #deliver(receiver: Receiver, peer: TransportAddress, nowMs: number): void {
    receiver.packetsReceived += 1;
    receiver.bytesReceived += this.#payload.length;
    this.#countRelayed();
    this.#outbox.expectFlush(receiver.socket);
    const channel = receiver.channels.findByPeer(peer, nowMs);
    if (channel === undefined) this.#deliverData(receiver, peer);
    else this.#deliverChannelData(receiver, channel.number);
  }

  #deliverChannelData({ socket, client }: Receiver, channel: number): void {
    const { buffer, offset, length } = this.#payload;
    writeChannelHeader(buffer, offset, channel, length);
    const end = offset + (socket.transport === 'udp' ? length : paddedLength(length));
    for (let padding = offset + length; padding < end; padding += 1) buffer.writeUInt8(0, padding);
    const start = offset - CHANNEL_HEADER_BYTES;
    socket.send(buffer, start, end - start, client);
  }

  #deliverData({ socket, client }: Receiver, peer: TransportAddress): void {
    const id = this.#transactionId;
    const counter = id.readUInt32BE(TRANSACTION_COUNTER_AT);
    id.writeUInt32BE((counter + 1) >>> 0, TRANSACTION_COUNTER_AT);
    const writer = this.#writer;
    writeDataIndication(writer, this.#payload, peer, id);
    socket.send(writer.bytes, writer.start, writer.length, client);
  }

  #mayPass(allocation: Allocation, bytes: number, nowMs: number): boolean {
    return allocation.bandwidth.take(this.#core.limits.bytes, bytes, nowMs);
  }

  #countRelayed(): void {
    this.#core.counters.packetsRelayed += 1;
    this.#core.counters.bytesRelayed += this.#payload.length;
  }

  #drop(reason: DropReason): void {
    this.#core.counters.drops[reason] += 1;
  }
}

function count(sender: Allocation, bytes: number): void {
  sender.packetsSent += 1;
  sender.bytesSent += bytes;
}
