/**
 * An allocation: what the relay holds for one client at one 5-tuple.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-3.2
 * @module
 */
import type { Authenticated } from '../auth/long-term.ts';
import { copyAddress, emptyAddress } from '../wire/transport-address.ts';
import type { AddressFamily, TransportAddress } from '../wire/transport-address.ts';
import { TRANSACTION_ID_BYTES } from '../wire/message-writer.ts';
import { ChannelList } from './channel-list.ts';
import type { PacketSocket } from './packet-socket.ts';
import { PermissionList } from './permission-list.ts';
import type { RelayLimits } from './relay-limits.ts';
import type { RelayRoom } from './relay-room.ts';
import { TokenBucket } from './token-bucket.ts';

/** `opening` until it has a relayed address; `closed` is final. */
export type AllocationState = 'opening' | 'open' | 'closed';

/** A relayed address; with a socket of its own in open mode. */
export interface RelayedAddress {
  readonly address: TransportAddress;
  readonly socket: PacketSocket | undefined;
}

/** Everything a new allocation starts with. */
export interface AllocationSeed {
  readonly id: number;
  readonly socket: PacketSocket;
  readonly client: TransportAddress;
  readonly user: Authenticated;
  readonly room: RelayRoom;
  readonly limits: RelayLimits;
  readonly nowMs: number;
}

/** State of one allocation. Owned by the `AllocationTable`, which closes it. */
export class Allocation {
  /** For logs. */
  readonly id: number;
  /** The client's 5-tuple: the socket it reaches us through, and its address. */
  readonly socket: PacketSocket;
  readonly client: TransportAddress = emptyAddress();
  readonly user: Authenticated;
  readonly room: RelayRoom;
  readonly startedAtMs: number;
  readonly permissions: PermissionList = new PermissionList();
  readonly channels: ChannelList = new ChannelList();
  readonly bandwidth: TokenBucket;
  readonly requests: TokenBucket;
  /** Of the Allocate that made it: the same one again is a retransmission. */
  readonly transactionId: Buffer = Buffer.alloc(TRANSACTION_ID_BYTES);
  /** What its client showed last, and what it was offered in its place: nobody else knows them. */
  #shownNonce = '';
  #offeredNonce = '';
  state: AllocationState = 'opening';
  expiresAtMs: number = Infinity;
  ipv4: RelayedAddress | undefined;
  ipv6: RelayedAddress | undefined;
  packetsSent = 0;
  bytesSent = 0;
  packetsReceived = 0;
  bytesReceived = 0;

  constructor(seed: AllocationSeed) {
    this.id = seed.id;
    this.socket = seed.socket;
    copyAddress(this.client, seed.client);
    this.user = seed.user;
    this.room = seed.room;
    this.startedAtMs = seed.nowMs;
    this.bandwidth = new TokenBucket(seed.limits.bytes, seed.nowMs);
    this.requests = new TokenBucket(seed.limits.allocationRequests, seed.nowMs);
  }

  /** Expired allocations are dead before they are swept. */
  isLive(nowMs: number): boolean {
    return this.state === 'open' && this.expiresAtMs > nowMs;
  }

  /** Its relayed address of this family. */
  relayed(family: AddressFamily): RelayedAddress | undefined {
    return family === 4 ? this.ipv4 : this.ipv6;
  }

  /** Its client proved itself with this nonce. */
  noteNonce(shown: string): void {
    if (shown === this.#shownNonce) return;
    this.#shownNonce = shown;
    this.#offeredNonce = '';
  }

  /** Its client was told to use this nonce from now on. */
  offerNonce(offered: string): void {
    this.#offeredNonce = offered;
  }

  /** True for a nonce that only the client of this allocation has, and those on its way. */
  isNonceOfClient(nonce: string): boolean {
    return nonce !== '' && (nonce === this.#shownNonce || nonce === this.#offeredNonce);
  }

  /** True when it was made by the transaction whose id lies at `bytes[at]`. */
  wasMadeBy(bytes: Buffer, at: number): boolean {
    return this.transactionId.compare(bytes, at, at + TRANSACTION_ID_BYTES) === 0;
  }
}
