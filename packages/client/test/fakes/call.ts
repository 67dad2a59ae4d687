/**
 * Two people in a call, in the time of their fake browsers.
 * @module
 */
import type { RemotePeer } from '../../src/peer/remote-peer.ts';
import type { FakeConnection } from '../../src/testing/fake-connection.ts';
import { FakeServer } from '../../src/testing/fake-server.ts';
import { settle } from '../../src/testing/settle.ts';
import type { FakePlatform } from './fake-platform.ts';
import { guestIn } from './guest.ts';
import type { Guest } from './guest.ts';

/** See the module comment. */
export interface Call {
  readonly server: FakeServer;
  /** Came first, and is impolite. */
  readonly ada: Guest;
  readonly bob: Guest;
  /** Lets time pass for both, in steps of 50 ms. */
  readonly pass: (durationMs: number) => Promise<void>;
}

const STEP_MS = 50;
const PATIENCE_MS = 10_000;

/** What is unusual about a call. */
export interface CallOptions {
  /** No channel ever opens, as with a page without the SDK. @default false */
  readonly isPlain?: boolean;
  /** What Ada's application wants. @default 'all' */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
}

/** Two people whose call works. */
export async function openCall({
  isPlain = false,
  iceTransportPolicy,
}: CallOptions = {}): Promise<Call> {
  const server = new FakeServer();
  const ada = guestIn(server, 'Ada', iceTransportPolicy);
  await ada.room.join(new AbortController().signal);
  const bob = guestIn(server, 'Bob');
  await bob.room.join(new AbortController().signal);
  await settle();
  const pass = async (durationMs: number): Promise<void> => {
    for (let passed = 0; passed < durationMs; passed += STEP_MS) {
      for (const { platform } of [ada, bob]) {
        for (const connection of platform.connections) connection.checkConnected();
        platform.clock.advance(STEP_MS);
      }
      await settle();
    }
  };
  for (const { platform } of [ada, bob]) if (!isPlain) latestOf(platform).channels[0]?.open();
  await pass(1_000);
  return { server, ada, bob, pass };
}

/** The other one, as this one sees them. */
export function peerOf({ room }: Guest): RemotePeer {
  const [peer] = room.snapshot.peers;
  if (peer === undefined) throw new Error('nobody is here');
  return peer;
}

/** The newest connection of a browser. */
export function latestOf(platform: FakePlatform): FakeConnection {
  const connection = platform.connections.at(-1);
  if (connection === undefined) throw new Error('no connection was made');
  return connection;
}

/** The one at the other end sees and hears this person, by what the link says. */
export function isTalking(person: Guest): boolean {
  return person.room.snapshot.peers.some(({ link }) => link.snapshot.state === 'connected');
}

/** Time until both talk, at most 10 s. */
export async function timeUntilTalking({ ada, bob, pass }: Call): Promise<number> {
  let passedMs = 0;
  for (; passedMs < PATIENCE_MS && !(isTalking(ada) && isTalking(bob)); passedMs += STEP_MS) {
    await pass(STEP_MS);
  }
  return passedMs;
}

/** Nothing comes any more on the connections of now; those made later are not meant. */
export function killPaths({ ada, bob }: Call): void {
  for (const { platform } of [ada, bob]) {
    for (const connection of platform.connections) connection.reaches = () => false;
  }
}
