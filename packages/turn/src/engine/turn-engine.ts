/**
 * The server without its sockets: packets in, packets out. It asks for the time and never waits for
 * it: whoever owns an engine calls `tick` about once a second.
 * @module
 */
import { LongTermAuth } from '../auth/long-term.ts';
import type { Credentials } from '../auth/credentials.ts';
import type { PeerGate } from '../policy/peer-gate.ts';
import { isChannelDataByte } from '../wire/channel-data.ts';
import { LAST_CHANNEL, LAST_LEGACY_CHANNEL } from '../wire/channel-number.ts';
import { verifyFingerprint } from '../wire/fingerprint.ts';
import { ABSENT, MessageReader } from '../wire/message-reader.ts';
import { MESSAGE_CLASS, METHOD } from '../wire/message-type.ts';
import { StunDecodeError } from '../wire/stun-decode-error.ts';
import type { TransportAddress } from '../wire/transport-address.ts';
import type { AllocationTable } from './allocation-table.ts';
import { AnswerWriter } from './answer-writer.ts';
import { answerBinding } from './binding.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { ControlPath } from './control-path.ts';
import { emptyTurnCounters } from './counters.ts';
import type { TurnCounters } from './counters.ts';
import { DataPath } from './data-path.ts';
import { EngineCore } from './engine-core.ts';
import { HairpinRelay } from './hairpin-relay.ts';
import type { RelayedIps, VirtualPorts } from './hairpin-relay.ts';
import { silentLogger } from './logger.ts';
import type { Logger } from './logger.ts';
import { Membership } from './membership.ts';
import type { MembershipOptions } from './membership.ts';
import type { Neighbours } from './neighbour.ts';
import { OpenRelay } from './open-relay.ts';
import { Outbox } from './outbox.ts';
import type { PacketReceiver, PacketSocket, ReceivedPacket } from './packet-socket.ts';
import { DEFAULT_LIMITS } from './relay-limits.ts';
import type { RelayLimits } from './relay-limits.ts';
import type { RelayMode } from './relay-mode.ts';
import type { RelayPorts } from './relay-ports.ts';
import { SourceLimiter } from './source-limiter.ts';

/** A relay, and who may use it. */
export interface RelaySetup {
  readonly credentials: Credentials;
  /** Virtual relayed addresses for those of the same room, or real ones for peers anywhere. */
  readonly mode:
    | { readonly name: 'hairpin'; readonly ips: RelayedIps; readonly ports?: VirtualPorts }
    | { readonly name: 'open'; readonly ports: RelayPorts; readonly gate: PeerGate };
  readonly membership?: MembershipOptions;
  /** @default one hour */
  readonly nonceLifeMs?: number;
  /** Key of nonces that other threads accept as well. @default random, for this engine alone */
  readonly nonceKey?: Buffer;
  /** Accepts channels up to 0x7FFF, as clients of RFC 5766 use them. @default false */
  readonly legacyChannels?: boolean;
}

/** How an engine behaves. */
export interface TurnEngineOptions {
  /** @default none: only Binding is answered, and Allocate with 403 */
  readonly relay?: RelaySetup;
  readonly limits?: Partial<RelayLimits>;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Other threads that share the port. @default none */
  readonly neighbours?: Neighbours;
}

/** STUN and TURN for any number of sockets that share one address. */
export class TurnEngine implements PacketReceiver {
  readonly counters: TurnCounters = emptyTurnCounters();
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #outbox = new Outbox();
  readonly #answers: AnswerWriter;
  readonly #reader = new MessageReader();
  readonly #strangers: SourceLimiter;
  readonly #core: EngineCore;
  readonly #data: DataPath;
  readonly #membership: Membership;
  readonly #relay: RelayMode | undefined;
  readonly #control: ControlPath | undefined;
  readonly #neighbours: Neighbours | undefined;
  #isFaultLogged = false;
  /** One look at the clock serves a whole batch of packets. */
  #batchNowMs: number | undefined;

  constructor(options: TurnEngineOptions = {}) {
    const { relay, clock = systemClock, logger = silentLogger, neighbours } = options;
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#clock = clock;
    this.#logger = logger;
    this.#answers = new AnswerWriter(this.#outbox);
    this.#strangers = new SourceLimiter(limits.strangerRequests, clock.monotonicMs());
    const areVirtual = relay?.mode.name === 'hairpin';
    const { counters } = this;
    this.#neighbours = neighbours;
    this.#core = new EngineCore({ limits, counters, logger, areVirtual, neighbours });
    this.#data = new DataPath(this.#core, this.#outbox);
    this.#membership = new Membership(relay?.membership);
    this.#relay = relay && this.#createMode(relay);
    this.#control = relay && this.#relay && this.#createControl(relay, this.#relay);
  }

  /** Never throws, whatever the bytes are. */
  onPacket(packet: ReceivedPacket): void {
    try {
      this.#handle(packet);
    } catch (error) {
      this.#onFault(error);
    }
  }

  onBatchEnd(): void {
    this.#outbox.flush();
    this.#batchNowMs = undefined;
  }

  onSocketClosed(socket: PacketSocket): void {
    for (const allocation of this.#core.allocations.clientsOf(socket)) {
      this.#core.close(allocation, 'disconnected', this.#clock.monotonicMs());
    }
  }

  /** Ends what has expired. To be called about once a second. */
  tick(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const allocation of this.#core.allocations.list()) {
      if (allocation.expiresAtMs <= nowMs) {
        this.#core.close(allocation, 'expired', nowMs);
      } else {
        allocation.permissions.sweep(nowMs);
        allocation.channels.sweep(nowMs);
      }
    }
    this.#isFaultLogged = false;
    this.#relay?.tick(nowMs);
    this.#neighbours?.read();
    this.#neighbours?.tick();
    this.#membership.tick(this.#clock.unixSeconds());
  }

  /** This peer is in this room: see {@link MembershipOptions}. `room` is a tag, as in user names. */
  admit(room: string, peer: string): void {
    this.#membership.admit(room, peer);
  }

  /** Ends the allocations of a peer at once and for good. `room` is a tag, as in user names. */
  revoke(room: string, peer: string): void {
    this.#membership.revoke(room, peer, this.#clock.unixSeconds());
    const nowMs = this.#clock.monotonicMs();
    for (const allocation of this.#core.allocations.list(room)) {
      if (allocation.user.peer === peer) this.#core.close(allocation, 'revoked', nowMs);
    }
  }

  /** The allocations, for those who speak with other threads. */
  get allocations(): AllocationTable {
    return this.#core.allocations;
  }

  /** Ends everything. Idempotent. */
  close(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const allocation of this.#core.allocations.list()) {
      this.#core.close(allocation, 'shutdown', nowMs);
    }
    this.#relay?.close();
  }

  #handle(packet: ReceivedPacket): void {
    this.#neighbours?.read();
    const { buffer, offset, length, from } = packet;
    // Port 0 cannot be answered; only forged packets have it.
    if (length === 0 || from.port === 0) return this.#dropMalformed();
    const first = buffer.readUInt8(offset);
    if (isChannelDataByte(first)) return this.#data.onChannelData(packet, this.#nowMs());
    if (first > 3) return this.#dropMalformed();
    this.#reader.decode(buffer, offset, length);
    return this.#onMessage(packet);
  }

  /** Damaged bytes are the sender's fault; anything else is ours, and must not stop the others. */
  #onFault(error: unknown): void {
    if (error instanceof StunDecodeError) return this.#dropMalformed();
    this.counters.drops.fault += 1;
    // Whoever finds such a packet can send many: one line a second tells enough.
    if (this.#isFaultLogged) return;
    this.#isFaultLogged = true;
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#logger.error('a packet was dropped by a fault of the relay', { reason });
  }

  #onMessage(packet: ReceivedPacket): void {
    const reader = this.#reader;
    if (reader.fingerprintAt !== ABSENT && !verifyFingerprint(reader)) return this.#dropMalformed();
    const { method, messageClass } = reader;
    if (messageClass === MESSAGE_CLASS.indication && method === METHOD.send) {
      this.#data.onSend(reader, packet, this.#nowMs());
    } else if (messageClass === MESSAGE_CLASS.request) {
      if (method === METHOD.binding) this.#onBinding(packet);
      else if (this.#control !== undefined) {
        this.#control.onRequest(reader, packet, this.#nowMs());
      } else this.#onRelayOff(packet);
    }
  }

  #onBinding({ socket, from }: ReceivedPacket): void {
    if (!this.#mayStrangerAsk(from)) return;
    const { writer } = this.#answers;
    writer.target(this.#outbox.bytes, this.#outbox.reserve());
    answerBinding(this.#reader, from, writer);
    this.#outbox.sendReserved(socket, writer.length, from);
    this.counters.bindings += 1;
  }

  /** Says at once that there is no relay, so that nobody waits for one. */
  #onRelayOff({ socket, from }: ReceivedPacket): void {
    const { method, bytes, start, fingerprintAt } = this.#reader;
    if (method !== METHOD.allocate || !this.#mayStrangerAsk(from)) return;
    const hasFingerprint = fingerprintAt !== ABSENT;
    const question = { method, bytes, transactionIdAt: start + 8, hasFingerprint, socket, from };
    this.#answers.beginError(question, 403);
    this.#answers.send(question);
  }

  #mayStrangerAsk(from: TransportAddress): boolean {
    if (this.#strangers.take(from, this.#nowMs())) return true;
    this.counters.drops.rateLimited += 1;
    return false;
  }

  #createMode({ mode }: RelaySetup): RelayMode {
    const { allocations } = this.#core;
    const nowMs = (): number => this.#clock.monotonicMs();
    if (mode.name === 'hairpin') {
      const { ips, ports } = mode;
      return new HairpinRelay({ allocations, ips, nowMs, ...(ports && { ports }) });
    }
    const { ports, gate } = mode;
    return new OpenRelay({ allocations, ports, gate, nowMs, receiver: this.#peerReceiver() });
  }

  #createControl(setup: RelaySetup, relay: RelayMode): ControlPath {
    const { credentials, nonceLifeMs, nonceKey, legacyChannels = false } = setup;
    return new ControlPath({
      core: this.#core,
      relay,
      auth: new LongTermAuth({
        credentials,
        ...(nonceLifeMs === undefined ? {} : { nonceLifeMs }),
        ...(nonceKey && { nonceKey }),
      }),
      membership: this.#membership,
      strangers: this.#strangers,
      answers: this.#answers,
      clock: this.#clock,
      lastChannel: legacyChannels ? LAST_LEGACY_CHANNEL : LAST_CHANNEL,
      flush: () => this.#outbox.flush(),
    });
  }

  /** What peers send to relay sockets. */
  #peerReceiver(): PacketReceiver {
    return {
      onPacket: (packet) => {
        try {
          this.#neighbours?.read();
          this.#data.onPeerPacket(packet, this.#nowMs());
        } catch (error) {
          this.#onFault(error);
        }
      },
      onBatchEnd: () => this.onBatchEnd(),
      onSocketClosed: (socket) => {
        const allocation = this.#core.allocations.findByRelaySocket(socket);
        if (allocation === undefined) return;
        this.#core.close(allocation, 'disconnected', this.#clock.monotonicMs());
      },
    };
  }

  #nowMs(): number {
    this.#batchNowMs ??= this.#clock.monotonicMs();
    return this.#batchNowMs;
  }

  #dropMalformed(): void {
    this.counters.drops.malformed += 1;
  }
}
