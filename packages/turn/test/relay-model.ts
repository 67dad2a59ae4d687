/**
 * What a relay must do, said as simply as possible: the engine is compared with this. Knows rooms,
 * permissions, channels and time, and nothing of bytes.
 * @module
 */
import { formatAddress, formatIp } from '../src/wire/address-text.ts';
import { isSameAddress } from '../src/wire/transport-address.ts';
import type { TransportAddress } from '../src/wire/transport-address.ts';

const ALLOCATION_MS = 600_000;
const PERMISSION_MS = 300_000;
const CHANNEL_MS = 600_000;

/** Somebody outside who may be reached in open mode, or must never be. */
export interface Outsider {
  readonly address: TransportAddress;
  readonly isAllowed: boolean;
}

/** Where a packet is to go. */
export type ModelPeer =
  | { readonly kind: 'client'; readonly index: number }
  | { readonly kind: 'outsider'; readonly outsider: Outsider };

/** A payload that has to arrive: at a client, or outside. */
export type Delivery =
  | { readonly to: number; readonly from: string | number }
  | { readonly to: 'outside'; readonly address: string };

interface ModelAllocation {
  readonly room: string;
  readonly relayed: TransportAddress;
  expiresAt: number;
  /** By IP. */
  readonly permissions: Map<string, number>;
  readonly channels: Map<number, { readonly peer: TransportAddress; expiresAt: number }>;
}

/** The relay as it should be. */
export class RelayModel {
  now = 0;
  readonly #isOpen: boolean;
  readonly #rooms: readonly string[];
  readonly #allocations: (ModelAllocation | undefined)[];
  /** Relayed addresses stay known to others when the allocation is gone. */
  readonly #lastRelayed: (TransportAddress | undefined)[];

  /** @param rooms the room of each client */
  constructor(rooms: readonly string[], isOpen: boolean) {
    this.#rooms = rooms;
    this.#isOpen = isOpen;
    this.#allocations = rooms.map(() => undefined);
    this.#lastRelayed = rooms.map(() => undefined);
  }

  /** The live allocation of a client. */
  live(index: number): ModelAllocation | undefined {
    const allocation = this.#allocations[index];
    return allocation !== undefined && allocation.expiresAt > this.now ? allocation : undefined;
  }

  get liveCount(): number {
    return this.#rooms.filter((_, index) => this.live(index) !== undefined).length;
  }

  allocated(index: number, relayed: TransportAddress): void {
    const room = this.#rooms[index] ?? '';
    const expiresAt = this.now + ALLOCATION_MS;
    const permissions = new Map<string, number>();
    this.#allocations[index] = { room, relayed, expiresAt, permissions, channels: new Map() };
    this.#lastRelayed[index] = relayed;
  }

  ended(index: number): void {
    this.#allocations[index] = undefined;
  }

  /** Code of the answer to Refresh. */
  refresh(index: number): number {
    const allocation = this.live(index);
    if (allocation === undefined) return 437;
    allocation.expiresAt = this.now + ALLOCATION_MS;
    return 0;
  }

  /** The address a peer is known by, once it has had one. */
  addressOf(peer: ModelPeer): TransportAddress | undefined {
    return peer.kind === 'client' ? this.#lastRelayed[peer.index] : peer.outsider.address;
  }

  /** Code of the answer to CreatePermission. */
  permit(index: number, peer: ModelPeer): number {
    const allocation = this.live(index);
    const address = this.addressOf(peer);
    if (allocation === undefined || address === undefined) return 437;
    if (!this.#mayReach(allocation, peer)) return 403;
    allocation.permissions.set(formatIp(address), this.now + PERMISSION_MS);
    return 0;
  }

  /** Code of the answer to ChannelBind. */
  bind(index: number, channel: number, peer: ModelPeer): number {
    const allocation = this.live(index);
    const address = this.addressOf(peer);
    if (allocation === undefined || address === undefined) return 437;
    const boundPeer = this.#channel(allocation, channel)?.peer;
    const boundChannel = this.#channelFor(allocation, address);
    if (boundPeer !== undefined && formatAddress(boundPeer) !== formatAddress(address)) return 400;
    if (boundChannel !== undefined && boundChannel !== channel) return 400;
    if (!this.#mayReach(allocation, peer)) return 403;
    allocation.channels.set(channel, { peer: address, expiresAt: this.now + CHANNEL_MS });
    allocation.permissions.set(formatIp(address), this.now + PERMISSION_MS);
    return 0;
  }

  /** Who gets what a client sends to a peer. */
  send(index: number, peer: ModelPeer): Delivery | undefined {
    const allocation = this.live(index);
    const address = this.addressOf(peer);
    if (allocation === undefined || address === undefined) return undefined;
    return this.#isPermitted(allocation, address) ? this.#deliver(allocation, address) : undefined;
  }

  /** Who gets what a client sends on a channel. */
  sendChannel(index: number, channel: number): Delivery | undefined {
    const allocation = this.live(index);
    const binding = allocation && this.#channel(allocation, channel);
    return allocation && binding && this.#deliver(allocation, binding.peer);
  }

  /** Who gets what an outsider sends to the relayed address of a client. */
  receive(index: number, { address }: Outsider): Delivery | undefined {
    const allocation = this.live(index);
    if (allocation === undefined || !this.#isPermitted(allocation, address)) return undefined;
    const from = this.#channelFor(allocation, address) ?? formatAddress(address);
    return { to: index, from };
  }

  #deliver(sender: ModelAllocation, peer: TransportAddress): Delivery | undefined {
    const to = this.#findInRoom(sender.room, peer);
    const receiver = this.live(to);
    if (receiver === undefined) {
      const leaves = this.#isOpen && !this.#isRelayIp(peer);
      return leaves ? { to: 'outside', address: formatAddress(peer) } : undefined;
    }
    if (!this.#isPermitted(receiver, sender.relayed)) return undefined;
    const from = this.#channelFor(receiver, sender.relayed) ?? formatAddress(sender.relayed);
    return { to, from };
  }

  #mayReach(allocation: ModelAllocation, peer: ModelPeer): boolean {
    if (peer.kind === 'outsider') return this.#isOpen && peer.outsider.isAllowed;
    const address = this.addressOf(peer);
    return address !== undefined && this.#findInRoom(allocation.room, address) !== -1;
  }

  /** Virtual addresses mean something in their room only: another room may have the same. */
  #findInRoom(room: string, address: TransportAddress): number {
    return this.#rooms.findIndex((_, index) => {
      const allocation = this.live(index);
      return allocation?.room === room && isSameAddress(allocation.relayed, address);
    });
  }

  #isRelayIp(address: TransportAddress): boolean {
    return this.#lastRelayed.some(
      (one) => one !== undefined && formatIp(one) === formatIp(address),
    );
  }

  #isPermitted(allocation: ModelAllocation, address: TransportAddress): boolean {
    return (allocation.permissions.get(formatIp(address)) ?? 0) > this.now;
  }

  #channel(allocation: ModelAllocation, number: number) {
    const channel = allocation.channels.get(number);
    return channel !== undefined && channel.expiresAt > this.now ? channel : undefined;
  }

  #channelFor(allocation: ModelAllocation, peer: TransportAddress): number | undefined {
    const text = formatAddress(peer);
    for (const number of allocation.channels.keys()) {
      const channel = this.#channel(allocation, number);
      if (channel !== undefined && formatAddress(channel.peer) === text) return number;
    }
    return undefined;
  }
}
