import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { mintRestCredentials } from '../src/auth/rest-credentials.ts';
import { ThreadedTurnServer } from '../src/thread/threaded-turn-server.ts';
import { ATTRIBUTE } from '../src/wire/attribute-type.ts';
import { longTermKey } from '../src/wire/integrity-key.ts';
import { encodeMessageType, MESSAGE_CLASS, METHOD } from '../src/wire/message-type.ts';
import { ThreadClient, openLink } from './thread-client.ts';
import type { ClientLink } from './thread-client.ts';
import { eventually } from './transport-eventually.ts';
import { buildMessage } from './turn-message.ts';
import { allocateAttributes } from './turn-test-client.ts';

const SECRET = 'a secret of this test';
const CHANNEL = 0x4000;
const PACKETS = 500;
/** Bad requests for each good packet; the flood is some 10,000 a second. */
const FLOOD_FACTOR = 20;
const PACE_MS = 2;

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const UNSIGNED = buildMessage(
  encodeMessageType(METHOD.allocate, MESSAGE_CLASS.request),
  allocateAttributes(),
);

/** A Refresh of somebody with a plausible name and nonce, and the wrong password. */
function signedWrongly(username: string): Buffer {
  const key = longTermKey({ username, realm: 'parley', password: 'wrong' }, 'md5');
  return buildMessage(
    encodeMessageType(METHOD.refresh, MESSAGE_CLASS.request),
    (writer) => {
      writer.appendText(ATTRIBUTE.username, username);
      writer.appendText(ATTRIBUTE.realm, 'parley');
      writer.appendBytes(ATTRIBUTE.nonce, Buffer.alloc(37, 'x'));
    },
    { integrity: { hash: 'sha1', key } },
  );
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Sends from a socket of its own, as an attacker behind the same address would. */
function strangerLink(port: number): { send(bytes: Buffer): void } {
  const socket = createSocket('udp4');
  cleanups.push(() => socket.close());
  return { send: (bytes) => socket.send(bytes, port, '127.0.0.1') };
}

/** Two callers with a channel to each other. */
async function setUpCall() {
  const relay = new ThreadedTurnServer({ secrets: [SECRET] });
  cleanups.push(() => relay.close());
  const { port } = await relay.listen({ host: '127.0.0.1', port: 0 });
  const join = async (peer: string) => {
    const link: ClientLink = await openLink('udp', port);
    cleanups.push(() => link.close());
    const expiresAtSeconds = Math.trunc(Date.now() / 1000) + 600;
    const { username, credential } = mintRestCredentials({
      secret: SECRET,
      room: 'daily',
      peer,
      expiresAtSeconds,
    });
    const client = new ThreadClient(link, { username, password: credential });
    expect(await client.allocate()).toBe(0);
    return { link, client, username };
  };
  const [ada, bob] = [await join('ada'), await join('bob')];
  expect(await ada.client.bind(CHANNEL, bob.client.relayed)).toBe(0);
  expect(await bob.client.bind(CHANNEL, ada.client.relayed)).toBe(0);
  return { relay, port, ada, bob };
}

describe('a call during a flood of bad requests', () => {
  it.each([
    ['unsigned ones from elsewhere', 'stranger', 'unsigned'],
    ['wrongly signed ones from elsewhere', 'stranger', 'wrong'],
    ['unsigned ones from its own 5-tuple', 'caller', 'unsigned'],
    ['wrongly signed ones from its own 5-tuple', 'caller', 'wrong'],
  ] as const)('LIM-8 loses nothing and can refresh: %s', async (_name, source, kind) => {
    const { relay, port, ada, bob } = await setUpCall();
    const flooder = source === 'caller' ? ada.link : strangerLink(port);
    const request = kind === 'unsigned' ? UNSIGNED : signedWrongly(ada.username);
    const sent: string[] = [];
    const refreshes: number[] = [];
    for (let number = 0; number < PACKETS; number += 1) {
      for (let count = 0; count < FLOOD_FACTOR; count += 1) flooder.send(request);
      const text = `packet ${number}`;
      sent.push(text);
      ada.client.send(CHANNEL, text);
      bob.client.send(CHANNEL, text);
      if (number % 50 === 49) refreshes.push(await ada.client.refresh());
      else await pause(PACE_MS);
    }
    expect(refreshes).toEqual(Array.from({ length: 10 }, () => 0));
    await eventually(() => expect(bob.client.received).toEqual(sent));
    await eventually(() => expect(ada.client.received).toEqual(sent));
    // The flood is judged by the bucket of its source, and most of it not at all.
    await eventually(() => {
      expect(relay.counters.drops.rateLimited).toBeGreaterThan((PACKETS * FLOOD_FACTOR) / 2);
    });
  });
});
