/**
 * What a fault must not touch, beside the picture: numbered messages in both directions, a file, and
 * the objects that the page holds. The contender brings `talk`, `send`, `sendFile` and `receiveFile`.
 */
const INTERVAL_MS = 50;
const BLOCK_BYTES = 1024 * 1024;

/** `others`: objects for the other person that there have been; `gone`: those that have ended. */
const talkLog = { sent: 0, received: [], others: 0, gone: 0 };
let talking;

globalThis.startTalking = async () => {
  const send = await globalThis.contender.talk(talkLog);
  talking = setInterval(() => {
    send(talkLog.sent);
    talkLog.sent += 1;
  }, INTERVAL_MS);
};

globalThis.stopTalking = () => {
  clearInterval(talking);
  return talkLog.sent;
};

globalThis.readTalk = () => {
  const { received, others, gone } = talkLog;
  const different = new Set(received).size;
  const isInOrder = received.every((number, index) => index === 0 || number > received[index - 1]);
  return { received: received.length, different, isInOrder, others, gone };
};

const toHex = (digest) =>
  Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');

globalThis.digestOf = async (blob) =>
  toHex(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));

/** Zeros, with a number at the beginning of each mebibyte. Resolves to their checksum. */
globalThis.sendFile = async (mebibytes) => {
  const blocks = Array.from({ length: mebibytes }, (_, index) => {
    const block = new Uint8Array(BLOCK_BYTES);
    new DataView(block.buffer).setUint32(0, index);
    return block;
  });
  const file = new Blob(blocks);
  const digest = await globalThis.digestOf(file);
  await globalThis.contender.sendFile(file);
  return digest;
};

/** Resolves to the checksum of what has come. */
globalThis.receiveFile = () => globalThis.contender.receiveFile();
