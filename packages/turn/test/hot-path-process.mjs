// @ts-check
/**
 * Drives packets through the engine of the built package and prints what that cost in memory: run
 * with `--expose-gc` and a young generation that is never full.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { StaticCredentials } from '../dist/auth/static-credentials.js';
import { TurnEngine } from '../dist/engine/turn-engine.js';
import { appendXorAddress, decodeXorAddress } from '../dist/wire/address-attribute.js';
import { parseAddress } from '../dist/wire/address-text.js';
import { ATTRIBUTE } from '../dist/wire/attribute-type.js';
import { appendChannelNumber } from '../dist/wire/channel-number.js';
import { longTermKey } from '../dist/wire/integrity-key.js';
import { appendIntegrity } from '../dist/wire/integrity.js';
import { MessageReader } from '../dist/wire/message-reader.js';
import { MessageWriter } from '../dist/wire/message-writer.js';
import { appendRequestedTransport } from '../dist/wire/requested-transport.js';
import { emptyAddress } from '../dist/wire/transport-address.js';

const HEADROOM = 64;
const PACKETS = 1_000_000;
const WARM_UP_PACKETS = 100_000;
const BATCH = 64;
/** More than any header that the engine writes over. */
const HEADER_BYTES = 48;
const PAYLOAD = Buffer.alloc(1000, 0x80);
const ALLOCATE = 0x0003;
const CREATE_PERMISSION = 0x0008;
const CHANNEL_BIND = 0x0009;
const SEND = 0x0016;

/** @param {string} ip */
function ipOf(ip) {
  const address = parseAddress(ip, 0);
  if (address === undefined) throw new TypeError(ip);
  return address;
}

let lastSent = Buffer.alloc(0);
let sent = 0;
let isKept = true;
const socket = {
  transport: /** @type {const} */ ('udp'),
  id: 1,
  local: ipOf('192.0.2.1'),
  /** @type {import('../src/engine/packet-socket.ts').PacketSocket['send']} */
  send(buffer, offset, length) {
    sent += 1;
    if (isKept) lastSent = Buffer.from(buffer.subarray(offset, offset + length));
  },
  flush() {},
  close() {},
};

const names = ['ada', 'bob'];
const engine = new TurnEngine({
  limits: { bytes: { perSecond: Infinity, burst: Infinity } },
  relay: {
    credentials: new StaticCredentials(
      'parley',
      names.map((username) => ({ username, password: 'secret' })),
    ),
    mode: { name: 'hairpin', ips: { ipv4: ipOf('192.0.2.1'), ipv6: undefined } },
  },
});

/** @typedef {(writer: MessageWriter) => void} Fill */

/** One caller: its packets lie in memory of their own, as those of a batch do. */
class Caller {
  /** @param {string} name @param {number} port */
  constructor(name, port) {
    this.name = name;
    this.from = { ...ipOf('203.0.113.9'), port };
    this.nonce = Buffer.alloc(0);
    this.relayed = emptyAddress();
  }

  /** @param {Buffer} bytes */
  packet(bytes) {
    const buffer = Buffer.concat([Buffer.alloc(HEADROOM), bytes, Buffer.alloc(4)]);
    return { buffer, offset: HEADROOM, length: bytes.length, from: this.from, socket };
  }

  /** @param {number} type @param {Fill} fill @param {boolean} isSigned */
  message(type, fill, isSigned) {
    const writer = new MessageWriter();
    writer.target(Buffer.alloc(2048), 0);
    writer.begin(type);
    writer.setTransactionId(randomBytes(12), 0);
    fill(writer);
    if (!isSigned) return Buffer.from(writer.message());
    writer.appendText(ATTRIBUTE.username, this.name);
    writer.appendText(ATTRIBUTE.realm, 'parley');
    writer.appendBytes(ATTRIBUTE.nonce, this.nonce);
    const account = { username: this.name, realm: 'parley', password: 'secret' };
    appendIntegrity(writer, 'sha1', longTermKey(account, 'md5'));
    return Buffer.from(writer.message());
  }

  /** @param {number} type @param {Fill} fill @param {boolean} isSigned */
  ask(type, fill, isSigned = true) {
    engine.onPacket(this.packet(this.message(type, fill, isSigned)));
    engine.onBatchEnd();
    const answer = new MessageReader();
    answer.decode(lastSent, 0, lastSent.length);
    return answer;
  }

  allocate() {
    const challenge = this.ask(ALLOCATE, (writer) => appendRequestedTransport(writer, 17), false);
    this.nonce = Buffer.from(challenge.value(ATTRIBUTE.nonce) ?? '');
    const answer = this.ask(ALLOCATE, (writer) => appendRequestedTransport(writer, 17));
    decodeXorAddress(answer, ATTRIBUTE.xorRelayedAddress, this.relayed);
  }
}

const [ada, bob] = [new Caller('ada', 1001), new Caller('bob', 1002)];
ada.allocate();
bob.allocate();

/** @param {Caller} peer @returns {Fill} */
const peerOf = (peer) => (writer) => {
  appendXorAddress(writer, ATTRIBUTE.xorPeerAddress, peer.relayed);
};

/** A batch of packets, fresh each time: the engine rewrites headers where they lie. */
class Source {
  /** @param {Caller} caller @param {Buffer} bytes */
  constructor(caller, bytes) {
    this.bytes = bytes;
    this.packets = Array.from({ length: BATCH }, () => caller.packet(bytes));
  }

  /** @param {number} count */
  run(count) {
    for (let done = 0; done < count; done += BATCH) {
      for (const packet of this.packets) {
        // Not `copy`, which allocates a view.
        for (let at = 0; at < HEADER_BYTES; at += 1) {
          packet.buffer.writeUInt8(this.bytes.readUInt8(at), HEADROOM + at);
        }
        engine.onPacket(packet);
      }
      engine.onBatchEnd();
    }
  }
}

let collections = 0;
const observer = new PerformanceObserver((list) => {
  collections += list.getEntries().length;
});
observer.observe({ entryTypes: ['gc'] });

/** @param {Source} source */
async function measure(source) {
  source.run(WARM_UP_PACKETS);
  globalThis.gc?.();
  await delay(10);
  collections = 0;
  const sentBefore = sent;
  const before = process.memoryUsage().heapUsed;
  source.run(PACKETS);
  const grown = process.memoryUsage().heapUsed - before;
  await delay(10);
  const collected = collections;
  globalThis.gc?.();
  const retainedBytes = process.memoryUsage().heapUsed - before;
  const relayed = sent - sentBefore;
  return { relayed, collections: collected, bytesPerPacket: grown / relayed, retainedBytes };
}

for (const [caller, peer] of [
  [ada, bob],
  [bob, ada],
]) {
  caller?.ask(CREATE_PERMISSION, peerOf(peer ?? caller));
}
isKept = false;
const sendMessage = ada.message(
  SEND,
  (writer) => {
    peerOf(bob)(writer);
    writer.appendBytes(ATTRIBUTE.data, PAYLOAD);
  },
  false,
);
const send = await measure(new Source(ada, sendMessage));

isKept = true;
for (const [caller, peer] of [
  [ada, bob],
  [bob, ada],
]) {
  caller?.ask(CHANNEL_BIND, (writer) => {
    appendChannelNumber(writer, 0x4000);
    peerOf(peer ?? caller)(writer);
  });
}
isKept = false;
const header = Buffer.from('40000000', 'hex');
header.writeUInt16BE(PAYLOAD.length, 2);
const channelData = await measure(new Source(ada, Buffer.concat([header, PAYLOAD])));
process.stdout.write(JSON.stringify({ send, channelData }));
