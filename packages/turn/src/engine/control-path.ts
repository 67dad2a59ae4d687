/**
 * The way of requests: rate limit, authentication, then the handler of the method. Nothing is kept
 * of a stranger, and nothing is computed for one who asks too often.
 * @module
 */
import { shownNonce } from '../auth/long-term.ts';
import type { LongTermAuth, Authenticated } from '../auth/long-term.ts';
import { ATTRIBUTE } from '../wire/attribute-type.ts';
import { appendUnknownAttributes } from '../wire/error-code.ts';
import { ABSENT } from '../wire/message-reader.ts';
import type { MessageReader } from '../wire/message-reader.ts';
import { METHOD } from '../wire/message-type.ts';
import { StunDecodeError } from '../wire/stun-decode-error.ts';
import { appendAllocation, appendGrant, handleAllocate } from './allocate.ts';
import type { LateAllocate } from './allocate.ts';
import type { Allocation } from './allocation.ts';
import type { AnswerWriter, Question } from './answer-writer.ts';
import { handleChannelBind } from './channel-bind.ts';
import type { Clock } from './clock.ts';
import { handleCreatePermission } from './create-permission.ts';
import type { EngineCore } from './engine-core.ts';
import type { Membership } from './membership.ts';
import type { ReceivedPacket } from './packet-socket.ts';
import { handleRefresh } from './refresh.ts';
import type { RelayMode } from './relay-mode.ts';
import type { SourceLimiter } from './source-limiter.ts';
import type { AllocationRequest, HandlerContext, Outcome, TurnRequest } from './turn-request.ts';

/** What the control path works with. */
export interface ControlPathOptions {
  readonly core: EngineCore;
  readonly relay: RelayMode;
  readonly auth: LongTermAuth;
  readonly membership: Membership;
  readonly strangers: SourceLimiter;
  readonly answers: AnswerWriter;
  readonly clock: Clock;
  readonly lastChannel: number;
  /** Sends what was answered outside of a batch of packets. */
  readonly flush: () => void;
}

/** Everything a request may carry that has to be understood. DONT-FRAGMENT is not: 420. */
const KNOWN: ReadonlySet<number> = new Set([
  ATTRIBUTE.username,
  ATTRIBUTE.userhash,
  ATTRIBUTE.realm,
  ATTRIBUTE.nonce,
  ATTRIBUTE.passwordAlgorithm,
  ATTRIBUTE.channelNumber,
  ATTRIBUTE.lifetime,
  ATTRIBUTE.xorPeerAddress,
  ATTRIBUTE.requestedAddressFamily,
  ATTRIBUTE.evenPort,
  ATTRIBUTE.requestedTransport,
  ATTRIBUTE.reservationToken,
]);

type AllocationHandler = (request: AllocationRequest, context: HandlerContext) => Outcome;

const HANDLERS: ReadonlyMap<number, AllocationHandler> = new Map([
  [METHOD.refresh, handleRefresh],
  [METHOD.createPermission, handleCreatePermission],
  [METHOD.channelBind, handleChannelBind],
]);

/** Answers Allocate, Refresh, CreatePermission and ChannelBind. */
export class ControlPath {
  readonly #options: ControlPathOptions;
  readonly #context: HandlerContext;

  constructor(options: ControlPathOptions) {
    const { core, relay, lastChannel, answers } = options;
    this.#options = options;
    this.#context = { core, relay, lastChannel, writer: answers.writer };
  }

  /** Answers a request, or keeps silent. Other methods are not ours and get no answer. */
  onRequest(message: MessageReader, packet: ReceivedPacket, nowMs: number): void {
    const { core, answers } = this.#options;
    if (message.method !== METHOD.allocate && !HANDLERS.has(message.method)) {
      core.counters.drops.malformed += 1;
      return;
    }
    const allocation = this.#liveAllocation(packet, nowMs);
    if (!this.#mayAsk({ message, packet, allocation, nowMs })) {
      core.counters.drops.rateLimited += 1;
      return;
    }
    const question = questionOf(message, packet);
    const user = this.#authenticate(question, { message, packet, allocation, nowMs });
    if (user === undefined) return;
    const request = { message, packet, user, allocation, nowMs };
    const outcome = this.#decide(request, question);
    if (outcome === 'silent') return;
    if (outcome !== 'success') {
      if (message.method === METHOD.allocate) core.counters.allocationsRefused += 1;
      answers.beginError(question, outcome);
      if (outcome === 420) {
        appendUnknownAttributes(answers.writer, message.unknownRequired(KNOWN));
      }
    }
    if (outcome === 'success') this.#publish(packet);
    answers.send(question, user);
  }

  /** What is answered holds in all threads that share the port. */
  #publish({ socket, from }: ReceivedPacket): void {
    const { core } = this.#options;
    const allocation = core.allocations.find(socket, from);
    if (allocation !== undefined) core.publish(allocation);
  }

  #decide(request: TurnRequest, question: Question): Outcome {
    const { message, user, allocation } = request;
    if (this.#options.membership.isRevoked(user.room, user.peer)) return 403;
    if (message.unknownRequired(KNOWN).length > 0) return 420;
    this.#options.answers.beginSuccess(question);
    try {
      if (message.method === METHOD.allocate) {
        const { hasFingerprint } = question;
        return handleAllocate(request, this.#context, this.#lateAnswer(hasFingerprint));
      }
      if (allocation === undefined) return 437;
      if (!isOwner(allocation, user)) return 441;
      const handler = HANDLERS.get(message.method);
      return handler?.({ ...request, allocation }, this.#context) ?? 400;
    } catch (error) {
      if (error instanceof StunDecodeError) return 400;
      throw error;
    }
  }

  /** The sender, or `undefined` after it was told why not. */
  #authenticate(
    question: Question,
    { message, packet, allocation, nowMs }: Omit<TurnRequest, 'user'>,
  ): Authenticated | undefined {
    const { auth, membership, clock, core, answers } = this.#options;
    const owner = allocation?.user;
    const mayOutlive =
      owner !== undefined && membership.mayOutliveCredentials(owner.room, owner.peer);
    const verdict = auth.authenticate(message, {
      nowMs,
      unixSeconds: clock.unixSeconds(),
      from: packet.from,
      holder: mayOutlive ? owner.username : undefined,
    });
    if (verdict.ok) {
      if (allocation !== undefined && isOwner(allocation, verdict)) {
        allocation.noteNonce(shownNonce(message));
      }
      return verdict;
    }
    core.counters.authFailures[verdict.reason] += 1;
    answers.beginError(question, verdict.code);
    if (verdict.challenge) {
      const nonce = auth.appendChallenge(answers.writer, nowMs, packet.from);
      if (verdict.reason === 'stale-nonce') allocation?.offerNonce(nonce);
    }
    answers.send(question);
    return undefined;
  }

  #lateAnswer(hasFingerprint: boolean): LateAllocate {
    const { answers, core, clock, flush } = this.#options;
    return (allocation, answer) => {
      const question = lateQuestion(allocation, hasFingerprint);
      const nowMs = clock.monotonicMs();
      if ('grant' in answer) {
        answers.beginSuccess(question);
        appendAllocation(answers.writer, allocation, nowMs);
        appendGrant(answers.writer, answer.grant);
        core.publish(allocation);
      } else {
        core.counters.allocationsRefused += 1;
        core.close(allocation, 'refused', nowMs);
        answers.beginError(question, answer.refusal);
      }
      answers.send(question, allocation.user);
      flush();
    };
  }

  /**
   * Those who hold an allocation pay from its bucket, so that a flood of strangers is not theirs.
   * An address can be forged; a nonce that was sent there is known to nobody else. Without it a
   * request is that of a stranger, wherever it says that it comes from.
   */
  #mayAsk({ message, packet, allocation, nowMs }: Omit<TurnRequest, 'user'>): boolean {
    const { core, strangers } = this.#options;
    if (allocation?.isNonceOfClient(shownNonce(message)) !== true) {
      return strangers.take(packet.from, nowMs);
    }
    return allocation.requests.take(core.limits.allocationRequests, 1, nowMs);
  }

  /** An allocation whose time is up is gone, also before the sweep that finds it. */
  #liveAllocation(packet: ReceivedPacket, nowMs: number): Allocation | undefined {
    const { core } = this.#options;
    const allocation = core.allocations.find(packet.socket, packet.from);
    if (allocation === undefined || allocation.expiresAtMs > nowMs) return allocation;
    core.close(allocation, 'expired', nowMs);
    return undefined;
  }
}

/** Fresh credentials of the same peer are as good as those the allocation was made with. */
function isOwner({ user }: Allocation, sender: Authenticated): boolean {
  return user.room === sender.room && user.peer === sender.peer;
}

function questionOf(message: MessageReader, packet: ReceivedPacket): Question {
  return {
    method: message.method,
    bytes: message.bytes,
    transactionIdAt: message.start + 8,
    hasFingerprint: message.fingerprintAt !== ABSENT,
    socket: packet.socket,
    from: packet.from,
  };
}

function lateQuestion(allocation: Allocation, hasFingerprint: boolean): Question {
  return {
    method: METHOD.allocate,
    bytes: allocation.transactionId,
    transactionIdAt: 0,
    hasFingerprint,
    socket: allocation.socket,
    from: allocation.client,
  };
}
