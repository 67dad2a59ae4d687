/**
 * Sessions of sockets of other nodes, at the home of their rooms.
 * @module
 */
import type { Session, SessionSocket } from '../session.ts';
import type { SessionTokens } from '../membership/session-token.ts';
import { askedRoom } from './asked-room.ts';
import type { EdgeFrame, HomeFrame } from './frames.ts';
import type { NodeId } from './node-id.ts';

/** What guests are served with. */
export interface GuestsOptions {
  /** Whether we are the home of a room. */
  readonly isOurs: (room: string) => boolean;
  readonly tokens: Pick<SessionTokens, 'read'>;
  readonly newSession: (socket: SessionSocket, address: string) => Session;
  readonly say: (to: NodeId, frame: HomeFrame) => void;
}

/** See the module comment. */
export class Guests {
  readonly #options: GuestsOptions;
  /** By the node they are connected to, and the number that it has given them. */
  readonly #sessions = new Map<NodeId, Map<number, Session>>();

  constructor(options: GuestsOptions) {
    this.#options = options;
  }

  /** Takes what an edge says. */
  hear(frame: EdgeFrame, edge: NodeId): void {
    const sessions = this.#sessions.get(edge) ?? new Map<number, Session>();
    this.#sessions.set(edge, sessions);
    const { session: number } = frame;
    const session = sessions.get(number);
    switch (frame.is) {
      case 'open':
        sessions.set(number, this.#open(edge, frame));
        break;
      case 'say':
        if (session !== undefined) this.#receive(session, frame, edge);
        break;
      case 'close':
        sessions.delete(number);
        session?.close(frame.reason);
        break;
    }
  }

  /** Nothing comes from this node any more: its people are waited for. */
  lose(edge: NodeId): void {
    const sessions = this.#sessions.get(edge);
    this.#sessions.delete(edge);
    for (const session of sessions?.values() ?? []) session.close('lost');
  }

  #open(edge: NodeId, { session, address }: Extract<EdgeFrame, { is: 'open' }>): Session {
    const { newSession, say } = this.#options;
    const socket: SessionSocket = {
      send: (signal, seq) => say(edge, { is: 'signal', session, signal, seq }),
      error: (refusal, event) => say(edge, { is: 'error', session, refusal, event }),
      knocked: (verdict) => say(edge, { is: 'knocked', session, verdict }),
      disconnect: () => say(edge, { is: 'drop', session, how: 'disconnect' }),
    };
    return newSession(socket, address);
  }

  #receive(
    session: Session,
    { session: number, event, args, ack }: Extract<EdgeFrame, { is: 'say' }>,
    edge: NodeId,
  ): void {
    const { isOurs, tokens, say } = this.#options;
    const room = session.isInside ? undefined : askedRoom(event, args[0], tokens);
    if (room !== undefined && !isOurs(room)) {
      return say(edge, { is: 'drop', session: number, how: 'elsewhere' });
    }
    const answer = (reply: object): void =>
      say(edge, { is: 'reply', session: number, ack: ack ?? 0, reply });
    session.receive(event, ack === undefined ? [...args] : [...args, answer]);
  }
}
