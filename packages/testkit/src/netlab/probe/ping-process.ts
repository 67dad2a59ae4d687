/**
 * Program that runs on a caller's computer: sends datagrams to a mirror and prints the round trip time
 * of each one that is answered, in milliseconds, as JSON. Arguments: address, count, bytes, and
 * milliseconds between two.
 * @module
 */
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { argv, exit, stdout } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { MIRROR_PORTS, decodeAnswer, encodeMessage } from './mirror-messages.ts';
import { FIRST } from './probe-socket.ts';

/** Answers that take longer count as lost. */
const LAST_ANSWER_MS = 2_000;

const [address = '', ...numbers] = argv.slice(2);
const [count = 0, bytes = 0, intervalMs = 0] = numbers.map(Number);

const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
const sentAtMs: number[] = [];
const roundTripsMs: number[] = [];

function finish(): void {
  stdout.write(JSON.stringify(roundTripsMs));
  exit();
}

socket.on('message', (message) => {
  const sentAt = sentAtMs[decodeAnswer(message).id];
  if (sentAt !== undefined) roundTripsMs.push(performance.now() - sentAt);
  if (roundTripsMs.length === count) finish();
});

for (let id = 0; id < count; id += 1) {
  const request = encodeMessage({ id, answerFrom: [FIRST] });
  sentAtMs.push(performance.now());
  // JSON may be followed by any amount of white space.
  socket.send(request.padEnd(bytes), MIRROR_PORTS[0], address);
  if (intervalMs > 0) await delay(intervalMs);
}
await delay(LAST_ANSWER_MS);
finish();
