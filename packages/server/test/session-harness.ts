/**
 * A server with any number of sessions, no sockets, and a clock that a test moves.
 * @module
 */
import { isPeerId } from '@parley/protocol';
import type { IceServer, PeerId } from '@parley/protocol';
import { FakeClock } from '@parley/testkit';
import { expect } from 'vitest';
import { HeldPlaces } from '../src/held-places.ts';
import { SILENT_LOGGER } from '../src/logger.ts';
import { DoorLedger } from '../src/door/door-ledger.ts';
import type { LedgerFile } from '../src/door/ledger-file.ts';
import { Passcodes } from '../src/door/passcode.ts';
import type { Membership, Signal } from '../src/membership/membership.ts';
import { Memberships } from '../src/membership/memberships.ts';
import { SessionTokens } from '../src/membership/session-token.ts';
import { RoomRegistry } from '../src/room-registry.ts';
import { Session } from '../src/session.ts';
import type { SessionContext } from '../src/session.ts';

export const OFFER = { type: 'offer', sdp: 'v=0' };
export const STUN: readonly IceServer[] = [{ urls: ['stun:localhost:7000'] }];
export const RELAYED: readonly IceServer[] = [
  ...STUN,
  { urls: ['turn:localhost:7000'], username: 'u', credential: 'c' },
];
/** What `credentials` and `resume` name. */
export const RENEWED: readonly IceServer[] = [
  ...STUN,
  { urls: ['turn:localhost:7000'], username: 'u2', credential: 'c2' },
];
export const GRACE_MS = 30_000;
/** Hashing passcodes takes no time. */
const CHEAP = 2;
export const SESSION_SECRET = 'a secret of sessions that only tests use';

/** Makes a peer id of a readable text. */
export function peerId(text: string): PeerId {
  if (!isPeerId(text)) throw new Error(`not a peer id: ${text}`);
  return text;
}

/** What differs from test to test. */
export interface SetUpOptions extends Partial<SessionContext> {
  readonly mintPeerId?: () => PeerId;
  readonly graceMs?: number;
  /** What outlives a restart. @default nothing does */
  readonly ledgerFile?: LedgerFile;
  /** Whether other nodes have been heard for so long. @default there are none */
  readonly hasHeardAllFor?: (ms: number) => boolean;
}

/** See the module comment. */
export function setUp({
  mintPeerId,
  graceMs = GRACE_MS,
  ledgerFile,
  hasHeardAllFor,
  ...overrides
}: SetUpOptions = {}) {
  const clock = new FakeClock();
  const places = new HeldPlaces(2);
  const logged: string[] = [];
  const stays: string[] = [];
  const renewals: ((iceServers: readonly IceServer[]) => void)[] = [];
  let minted = 0;
  const log = (message: string): void => void logged.push(message);
  const logger = { ...SILENT_LOGGER, error: log, warn: log };
  const unixSeconds = (): number => Math.floor(clock.now() / 1000);

  const timers = {
    now: clock.now,
    unixSeconds,
    setTimeout: clock.setTimeout,
    clearTimeout: (timer: unknown) => clock.clearTimeout(Number(timer)),
  };

  /** A process that was killed writes no more. */
  const openLedger = (file: LedgerFile) => {
    let isAlive = true;
    const write = (text: string | undefined): void => void (isAlive && file.write(text));
    const parts = { file: { ...file, write }, secrets: [SESSION_SECRET], clock: timers, logger };
    return { ledger: new DoorLedger(parts), kill: () => (isAlive = false) };
  };

  const start = () => {
    const opened = ledgerFile && openLedger(ledgerFile);
    const rooms = new RoomRegistry<Membership>(3);
    const memberships = new Memberships({
      rooms,
      tokens: new SessionTokens({ secrets: [SESSION_SECRET], unixSeconds }),
      graceMs,
      hasHeardAllFor,
      passcodes: new Passcodes([SESSION_SECRET], CHEAP),
      revoke: () => {},
      mintPeerId: mintPeerId ?? (() => peerId(`peer${(minted += 1)}`)),
      ledger: opened?.ledger,
      clock: timers,
      logger,
    });
    return { rooms, memberships, kill: opened?.kill };
  };
  let server = start();

  const open = (more: Partial<SessionContext> = {}) => {
    const told: unknown[][] = [];
    const numbers: number[] = [];
    const session = new Session({
      memberships: server.memberships,
      places,
      socket: {
        send: (signal, seq) => {
          told.push(argumentsOf(signal));
          numbers.push(seq);
        },
        error: (refusal, event) => told.push(['error', refusal.code, event]),
        knocked: (verdict) => told.push(['knocked', verdict]),
        disconnect: () => {
          told.push(['disconnect']);
          session.close('lost');
        },
      },
      iceServers: {
        host: 'localhost',
        open: STUN,
        admit: ({ room, peer, renewed }) => {
          stays.push(`in ${room} ${peer}`);
          const end = (): void => void stays.push(`out ${room} ${peer}`);
          const admission = { iceServers: RELAYED, renewed, renew: () => RENEWED, end };
          renewals.push((fresh) => admission.renewed(fresh));
          return admission;
        },
      },
      rateLimit: { burst: 50, perSecond: 10 },
      address: '192.0.2.1',
      access: undefined,
      clock: { now: clock.now, unixSeconds },
      logger,
      ...overrides,
      ...more,
    });
    /** Sends with an ack and returns what it was called with. */
    const ask = (event: unknown, ...args: unknown[]): unknown => {
      const replies: unknown[] = [];
      session.receive(event, [...args, (reply: unknown) => replies.push(reply)]);
      expect(replies).toHaveLength(1);
      return replies[0];
    };
    const say = (event: unknown, ...args: unknown[]): void => session.receive(event, args);
    return { session, told, numbers, ask, say };
  };
  const enter = (room = 'daily') => {
    const client = open();
    expect(client.ask('join', room)).toMatchObject({ ok: true });
    return client;
  };
  return {
    clock,
    places,
    logged,
    stays,
    renewals,
    open,
    enter,
    /** The newest token in what somebody was told about the door. */
    sessionOf: (told: readonly unknown[][]): string | undefined => {
      const token = told.findLast(([event]) => event === 'door')?.[2];
      return token === undefined ? undefined : String(token);
    },
    get rooms() {
      return server.rooms;
    },
    get memberships() {
      return server.memberships;
    },
    advance: (ms: number) => clock.advance(ms),
    /** The process is killed and another one started. */
    restart: () => {
      server.kill?.();
      server = start();
    },
  };
}

/** As a client gets it, without the number. */
function argumentsOf(signal: Signal): unknown[] {
  switch (signal.event) {
    case 'welcome':
      return ['welcome', signal.peer, ...(signal.offer ? [signal.offer] : [])];
    case 'bye':
      return ['bye', signal.peer, signal.reason];
    case 'iceServers':
      return ['iceServers', signal.iceServers];
    case 'door':
      return ['door', signal.state, signal.session];
    case 'mute':
      return ['mute', signal.from];
    case 'offer':
    case 'answer':
    case 'icecandidate':
      return [signal.event, signal.payload, signal.from];
  }
}
