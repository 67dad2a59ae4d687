/**
 * A session whose home is another node, as its edge sees it: what the client says goes there, and what
 * the home says comes to the client.
 * @module
 */
import { isPeerId } from '@parley/protocol';
import type { ByeReason, PeerId } from '@parley/protocol';
import type { SessionSocket } from '../session.ts';
import type { EdgeFrame, HomeFrame } from './frames.ts';

/** The client at our end. */
export interface EdgeSocket extends SessionSocket {
  /** Breaks the connection, as a bad network does: the client comes back at once. */
  cut(): void;
}

/** What a remote session is made with. */
export interface RemoteSessionOptions {
  readonly session: number;
  readonly address: string;
  readonly socket: EdgeSocket;
  readonly say: (frame: EdgeFrame) => void;
  /** The room has another home than we thought: somebody should look. */
  readonly onElsewhere: () => void;
}

interface Question {
  readonly event: unknown;
  readonly respond: (reply: unknown) => void;
}

/** See the module comment. Its owner must `close` it. */
export class RemoteSession {
  readonly #options: RemoteSessionOptions;
  readonly #questions = new Map<number, Question>();
  #asked = 0;
  /** Who the client is in a room. */
  #self: PeerId | undefined;

  constructor(options: RemoteSessionOptions) {
    const { session, address, say } = options;
    this.#options = options;
    say({ is: 'open', session, address });
  }

  /** True for somebody in a room. */
  get isInside(): boolean {
    return this.#self !== undefined;
  }

  /** Takes one message as it came, the ack last if any. */
  receive(event: unknown, args: readonly unknown[]): void {
    const { session, say } = this.#options;
    const last = args.at(-1);
    if (event === 'leave') this.#self = undefined;
    if (!isFunction(last)) return say({ is: 'say', session, event, args });
    this.#asked += 1;
    this.#questions.set(this.#asked, { event, respond: last });
    say({ is: 'say', session, event, args: args.slice(0, -1), ack: this.#asked });
  }

  /** Takes what the home says. */
  hear(frame: HomeFrame): void {
    const { socket } = this.#options;
    switch (frame.is) {
      case 'reply':
        return this.#answer(frame.ack, frame.reply);
      case 'signal': {
        const { signal, seq } = frame;
        if (signal.event === 'bye' && signal.peer.id === this.#self) this.#self = undefined;
        return socket.send(signal, seq);
      }
      case 'error':
        return socket.error(frame.refusal, frame.event);
      case 'knocked':
        return socket.knocked(frame.verdict);
      case 'drop':
        return this.#drop(frame.how);
    }
  }

  /** The connection is gone. A server that stops has lost its client: the home waits for it. */
  close(reason: ByeReason | undefined): void {
    const { session, say } = this.#options;
    say({ is: 'close', session, reason: reason ?? 'lost' });
  }

  #answer(ack: number, reply: object): void {
    const question = this.#questions.get(ack);
    if (question === undefined) return;
    this.#questions.delete(ack);
    const { event } = question;
    if (event === 'join' || event === 'resume') this.#self = selfOf(reply) ?? this.#self;
    question.respond(reply);
  }

  #drop(how: Extract<HomeFrame, { is: 'drop' }>['how']): void {
    const { socket, onElsewhere } = this.#options;
    if (how === 'disconnect') socket.disconnect();
    else if (how === 'cut') socket.cut();
    else onElsewhere();
  }
}

/** The id in an answer that lets somebody in. */
function selfOf(reply: object): PeerId | undefined {
  const isIn = 'ok' in reply && reply.ok === true && 'self' in reply;
  return isIn ? idOf(reply.self) : undefined;
}

function idOf(peer: unknown): PeerId | undefined {
  return typeof peer === 'object' && peer !== null && 'id' in peer && isPeerId(peer.id)
    ? peer.id
    : undefined;
}

function isFunction(value: unknown): value is (reply: unknown) => void {
  return typeof value === 'function';
}
