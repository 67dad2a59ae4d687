/**
 * Stands between a socket and its session: counts what the session answers, and answers newcomers
 * itself while the server is about to stop.
 * @module
 */
import { refuse } from '@parley/protocol';
import type { Refused } from '@parley/protocol';
import type { Drain } from './drain.ts';
import type { ServerObserver } from './tally.ts';

/** What the gate asks and tells. */
export interface GateContext {
  /** On the way to a stop. */
  readonly drain: Pick<Drain, 'isDraining' | 'holdsNewcomers'>;
  readonly observer: ServerObserver;
}

/** Takes one message as it came, the ack last if there is one. */
export type Receive = (event: unknown, args: unknown[]) => void;

const DRAINING: Refused = refuse(
  'ERR_SERVER_DRAINING',
  'This server is about to stop. Try again in a moment.',
);

/** Puts the gate in front of `receive`. */
export function guard(receive: Receive, { drain, observer }: GateContext): Receive {
  return (event, args) => {
    const ack: unknown = args.at(-1);
    if (typeof ack !== 'function') return receive(event, args);
    const answer = (reply: unknown): void => {
      note(observer, event, reply);
      ack(reply);
    };
    if (event === 'join' && drain.isDraining) {
      // Whoever gets no answer asks the next server, as soon as this connection has ended.
      if (!drain.holdsNewcomers) answer(DRAINING);
      return;
    }
    receive(event, [...args.slice(0, -1), answer]);
  };
}

function note(observer: ServerObserver, event: unknown, reply: unknown): void {
  if (typeof reply !== 'object' || reply === null || !('ok' in reply)) return;
  if (reply.ok === true) {
    if (event === 'join') observer.joined();
    if (event === 'resume') observer.resumed();
  } else if ('error' in reply) {
    const { error } = reply;
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
    observer.refused(String(code));
  }
}
