/**
 * The network between clients of one process: finds the two ends of each connection by the user
 * fragments of their descriptions, as ICE does, and can be cut between any two of them.
 * @module
 */
import type { SetTimer } from '../platform.ts';
import { FakeConnection } from './fake-connection.ts';
import { parseSdp } from './fake-sdp.ts';
import { LoopbackChannel } from './loopback-channel.ts';

/** Who owns connections: any object. */
type Owner = object;

/** After so long without a packet a browser calls a connection disconnected. */
const DISCONNECTED_AFTER_MS = 5_000;

/** See the module comment. */
export class LoopbackNetwork {
  readonly #connections = new Set<LoopbackConnection>();
  readonly #cuts = new Map<Owner, Set<Owner>>();
  readonly #setTimer: SetTimer;

  constructor(setTimer: SetTimer) {
    this.#setTimer = setTimer;
  }

  /** Ends that nobody has closed. */
  get openConnections(): number {
    return this.#connections.size;
  }

  /** Makes one end of a connection. */
  createConnection(owner: Owner, configuration: RTCConfiguration): LoopbackConnection {
    const connection = new LoopbackConnection(this, owner, configuration);
    this.#connections.add(connection);
    return connection;
  }

  /** Nothing passes between the two any more. */
  cut(one: Owner, other: Owner): void {
    this.#cutsOf(one).add(other);
    this.#cutsOf(other).add(one);
    for (const connection of this.#between(one, other)) {
      this.#setTimer(() => connection.miss(), DISCONNECTED_AFTER_MS);
    }
  }

  /** Everything passes between the two again. */
  mend(one: Owner, other: Owner): void {
    this.#cutsOf(one).delete(other);
    this.#cutsOf(other).delete(one);
    for (const connection of this.#between(one, other)) connection.hear();
  }

  isCut(one: Owner, other: Owner): boolean {
    return this.#cuts.get(one)?.has(other) === true;
  }

  /** The end with which this one has agreed on a session. */
  partnerOf(connection: LoopbackConnection): LoopbackConnection | undefined {
    return [...this.#connections].find((other) => connection.isAgreedWith(other));
  }

  forget(connection: LoopbackConnection): void {
    this.#connections.delete(connection);
  }

  #cutsOf(owner: Owner): Set<Owner> {
    const cuts = this.#cuts.get(owner) ?? new Set();
    this.#cuts.set(owner, cuts);
    return cuts;
  }

  #between(one: Owner, other: Owner): readonly LoopbackConnection[] {
    return [...this.#connections].filter(
      ({ owner, partner }) =>
        (owner === one && partner?.owner === other) || (owner === other && partner?.owner === one),
    );
  }
}

/** One end of a connection. */
export class LoopbackConnection extends FakeConnection {
  readonly owner: Owner;
  readonly #network: LoopbackNetwork;
  /** The other end; stays the same while a session is changed. */
  partner: LoopbackConnection | undefined;

  constructor(network: LoopbackNetwork, owner: Owner, configuration: RTCConfiguration) {
    super(configuration);
    this.owner = owner;
    this.#network = network;
    this.reaches = () => this.#reaches();
  }

  override close(): void {
    super.close();
    this.#network.forget(this);
    for (const channel of this.#ends) channel.close();
  }

  /** Whether the descriptions at both ends are those of one session. */
  isAgreedWith(other: LoopbackConnection): boolean {
    if (this.localDescription === null || this.remoteDescription === null) return false;
    return (
      ufragOf(this.localDescription) === ufragOf(other.remoteDescription) &&
      ufragOf(this.remoteDescription) === ufragOf(other.localDescription)
    );
  }

  /** Nothing has come for some time, unless the way was mended meanwhile. */
  miss(): void {
    if (this.connectionState === 'connected' && !this.#reaches()) {
      this.setConnectionState('disconnected');
    }
  }

  /** Something comes again. */
  hear(): void {
    if (this.connectionState === 'disconnected') this.setConnectionState('connected');
    for (const channel of this.#ends) void channel.flush();
  }

  protected override createChannel(label: string, init: RTCDataChannelInit): LoopbackChannel {
    return new LoopbackChannel(label, init, () => this.#reaches());
  }

  override checkConnected(): void {
    super.checkConnected();
    const { partner } = this;
    if (partner === undefined) return;
    if (partner.connectionState === 'new') partner.#follow();
    if (this.connectionState !== 'connected' || partner.connectionState !== 'connected') return;
    for (const end of this.#ends) {
      const other = partner.#ends.find(({ init }) => init.id === end.init.id);
      if (other !== undefined) end.join(other);
    }
  }

  /** The other end has connected. */
  #follow(): void {
    super.checkConnected();
  }

  #reaches(): boolean {
    const partner = (this.partner ??= this.#network.partnerOf(this));
    return (
      partner !== undefined &&
      partner.signalingState !== 'closed' &&
      !this.#network.isCut(this.owner, partner.owner)
    );
  }

  get #ends(): readonly LoopbackChannel[] {
    return this.channels.filter((channel) => channel instanceof LoopbackChannel);
  }
}

function ufragOf(description: { readonly sdp: string } | null): string | undefined {
  return description === null ? undefined : parseSdp(description.sdp).ufrag;
}
